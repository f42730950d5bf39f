"""What ``start.py`` does: install, run the shop, run the tests.

Standard library only, and nothing of the other rooms: it runs before anything is installed, with
the Python of the machine. Everything the user can put right is a ``sentences.Problem``.
"""
