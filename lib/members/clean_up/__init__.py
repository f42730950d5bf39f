"""What is kept no longer than it may be: the monthly clean-up and what it will do."""
