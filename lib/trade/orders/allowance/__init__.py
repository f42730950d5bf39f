"""What a household may still have of an offer, and what there is in all (E4, R19).

``rules`` decides which orders go beyond and how much may be booked, ``queries`` reads what the
books hold of it.
"""
