"""What was sold and delivered in a month, by product and by supplier."""
