"""Past figures in: daily sales from before Linli or from another till (practices R4-R6).

Three steps: a file is read in a process of its own and summed per product and day while it is read
(``headings``, ``values``, ``tables``, ``child``, ``reading``); the tables of several files are
joined by product code and held against the catalogue (``joining``); the owner looks at the preview
and books it in one transaction, which can be undone (``commands``). What cannot be read is named
with its row and left out; a number is never guessed (reliability A19).
"""
