"""Supply (mission part A): suppliers, batches with evidence, small lots, no slow stock (R1-R9).

Topics in their order, each importing only those before it: ``suppliers`` (who, how far, on which
terms), ``papers`` (licences and agreements), ``stock`` (the ledger per batch, the work at the
``shelf``, ``checks`` of the sums), ``past`` (daily figures of before or of another till),
``purchasing`` (orders, with ``receiving``, ``shortage`` and the ``records`` the law asks for),
``statements`` (claims and what is owed for a week), ``traceability`` (evidence), ``batches`` (the
shop's look at one), ``origin`` (the residents' look), ``recall`` (calling one back), ``dossier``
(all of one as a ZIP), ``rhythm`` (what is asked for week by week, the ``plan`` and its
``back_test``), ``clearance`` (slow movers out of ``days``, and what is ``running`` against them),
``labels`` (the community's own label). The import contract of pyproject.toml holds this order.
"""
