"""The rows of all tables that lead to a resident."""
