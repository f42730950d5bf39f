"""Material that protects goods in a bag (R25): what a bag needs, and what that costs."""
