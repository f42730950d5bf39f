"""The dossier of a batch (追溯档案): one ZIP that shows where goods came from and went.

It is the proof of facts of the field, 3.1 (section 136): the purchase record, the supplier's
papers, all evidence with its files, what became of the goods, and a recall with its counts. It
names no resident; without the right to see purchase cost it holds neither prices nor delivery
notes.
"""
