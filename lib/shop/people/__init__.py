"""Owner and staff: accounts, passwords, sessions, and who may do what (E14; reliability R13-R16)."""
