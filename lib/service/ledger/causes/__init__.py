"""What complaints of a month come from: by product and by supplier, against the month before."""
