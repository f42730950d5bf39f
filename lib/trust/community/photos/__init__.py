"""Photos of activities: kept inside, published one by one, with children only by consent (R12)."""
