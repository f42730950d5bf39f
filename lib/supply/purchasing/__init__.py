"""Buying: purchase orders, receiving, shortages, and the record the law asks for (E3, E5, E6).

``commands`` writes purchase orders and ``queries`` reads them; ``receiving`` counts
in what came and makes batches of it; ``shortage`` shares out what is too little; ``records`` is the
purchase record of facts of the field, 3.1. Quantities are the product's base quantity: grams for
goods sold by weight, sale units otherwise. Prices are per sale unit.
"""
