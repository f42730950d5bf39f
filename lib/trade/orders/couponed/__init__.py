"""The coupon of an order whose goods change (R37): kept while they reach what it asks for."""
