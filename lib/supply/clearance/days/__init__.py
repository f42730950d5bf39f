"""Days of every product: the stock ledger and past figures put together."""
