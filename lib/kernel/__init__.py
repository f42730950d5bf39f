"""Values and decisions that need no shop: money, quantities, time, errors.

Standard library only, pure.
"""
