"""Private addresses under which a resident reports and follows a case without signing in (R28).

Whoever has the address sees that one case and nothing else; the books keep only its hash.
"""
