"""What a resident pays for having an order brought (R24): one rule and one step for all.

Whatever changes the goods of an order, or whether it is brought, lets
:func:`commands.refresh_fee` put the fee right in the same transaction.
"""
