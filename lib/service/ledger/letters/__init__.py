"""One page for one supplier about one month: what came, what was complained about, what we ask.

What is on it concerns that supplier alone: its goods at its own agreed prices, no other supplier's
figures, no resident's name, home or words. Written, it is never changed; a correction is the next
edition (R32).
"""
