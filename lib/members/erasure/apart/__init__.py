"""Tables in which a resident stands beside others."""
