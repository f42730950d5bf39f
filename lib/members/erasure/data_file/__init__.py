"""A resident's data as a file they can take away (PIPL 45): JSON, CSV for Excel, their photos."""
