"""Bringing the ledger up to what orders should have given, whatever changed about them (R36)."""
