"""What would please somebody, lies in the shop and stays within the budget (R34, R35)."""
