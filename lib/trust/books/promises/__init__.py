"""What keeping the pledge cost beside refunds of orders: goods given, freight, refunds of none."""
