"""How quickly and how well complaints were dealt with, month by month (R26, R27, R30)."""
