"""The journal without a resident's words."""
