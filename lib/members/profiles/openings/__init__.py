"""Who looked into a member's file: opened, exported, printed (PIPL 51, 54; R33)."""
