"""What was really charged for a product, and what that allows to be said beside a price.

A price set beside another one ("原价", 划线价) may not be higher than the lowest one really charged
in the days before (facts of the field, 3.3 §16). ``rules`` finds that price and decides, ``texts``
says what a compared price is, ``queries`` read what was charged. A price that was merely saved was
charged to nobody.
"""
