"""The robots of the shop: names, and addresses that are kept like passwords (E17)."""
