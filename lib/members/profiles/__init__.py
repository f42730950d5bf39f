"""Member files: who the residents are, how they are found, and when two of them are one (R33).

The shop knows a resident by the nickname in the group, by the phone, by the door. A hint from a
chain or a file is *matched* (:mod:`rules`), never merged in silence: two files become one only when
a person says so, and that can be taken back.
"""
