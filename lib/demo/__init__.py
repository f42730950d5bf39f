"""The demo shop: invented people and figures, so that a newcomer sees every page full (E18)."""
