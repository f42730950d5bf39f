"""Which file a member is today, after merges and erasures."""
