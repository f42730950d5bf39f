"""The owner's own wordings of the texts for the group (E17)."""
