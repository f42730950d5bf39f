"""Messages on their way through robots (E17; facts of the field, 4.3).

``queue`` writes rows in the caller's transaction and rings the :mod:`bell`; the sender
(:mod:`sending`) claims one row at a time, speaks to the robot outside of any transaction, and books
what came of it. A message is given away at most once without a person asking: where it is not
known whether it arrived, it waits as "perhaps sent" until somebody has looked into the group.
"""
