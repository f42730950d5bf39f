"""What goods really cost, from the books (R20, E15): one reading for report and public page."""
