"""Consents: what a resident agreed to, in which words, when and how; and taking it back.

A birthday, preferences and messages each have a consent of their own (PIPL, articles 13 to 16).
"""
