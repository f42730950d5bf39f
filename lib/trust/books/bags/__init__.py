"""What bags really took, where that is not what the rule says (R25)."""
