"""Texts for the group (E17): what they say, what was sent, and robots that send them.

Every event has a wording with placeholders; the owner can write another one. Topics work out the
values of the placeholders, :func:`lib.shop.messages.wording.said` puts them together in the shop's
language.
"""
