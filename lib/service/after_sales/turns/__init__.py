"""Steps that every change of a case is made of: its row and version, entries, clocks, pauses."""
