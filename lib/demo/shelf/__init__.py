"""Two years of the demo shop's shelf: small lots three times a week, and what people took of them.

``simulation`` invents what came and went, ``commands`` keeps the long past of it in the ledger a
month at a time, ``days`` lives the last weeks through the program's own commands.
"""
