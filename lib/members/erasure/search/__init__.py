"""Searching free texts for a resident."""
