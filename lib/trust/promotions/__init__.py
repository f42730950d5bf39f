"""What is cheaper now, with the lowest price really charged before beside it (R20; facts 3.3)."""
