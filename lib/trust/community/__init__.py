"""The group calendar (R12-R14): activities, daily tips, topics."""
