"""Whether a sheet is due to be published (R20), for the Today page."""
