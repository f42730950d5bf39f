"""Questions for the group (R14): planned, asked, and their answers made demands in one step."""
