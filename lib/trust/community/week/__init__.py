"""The week of the group: what is planned, sent and missing on each day."""
