"""Who is missed, who is new, who comes regularly: winning people back (R33)."""
