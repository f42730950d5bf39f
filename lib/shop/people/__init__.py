"""Owner and staff: accounts, passwords, sessions, who may do what (E14; R13-R16)."""
