"""Too little came: who is short, and how what there is gets shared out (E6)."""
