"""Trade: products, rounds, orders, payments."""
