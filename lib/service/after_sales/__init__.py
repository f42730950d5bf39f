"""After-sales cases (R26-R31): what went wrong, by when it is answered and put right, and how.

The root keeps cases and their clocks; ``remedies`` what was done about them, ``links`` the private
addresses under which residents follow them.
"""
