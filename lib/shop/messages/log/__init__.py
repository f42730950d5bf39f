"""The log of what was sent: by hand and by robots, of every event (E17)."""
