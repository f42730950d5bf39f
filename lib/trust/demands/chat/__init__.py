"""Wishes out of the group's chat (R15).

Copied messages come in as one text. ``layout`` cuts it into messages and lines put aside,
``times`` reads when something was said, ``wishes`` says which messages look like a wish and for
what, with the words of ``lexicon``. All four are pure and only propose: a person decides.
``commands`` keeps what was decided, ``queries`` says what was heard before.
"""
