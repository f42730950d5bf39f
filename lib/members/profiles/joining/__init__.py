"""What happens to the short cuts of two files when they become one, and two again (R33)."""
