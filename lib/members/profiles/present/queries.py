"""Which file a member is today: the one it was merged into, and none once it was anonymous."""

from typing import Any

from sqlalchemy import Row

from lib.db import schema
from lib.kernel.errors import NotFound
from lib.kernel.words import N_
from lib.shop.shop import Tx


def present_file(tx: Tx, member_id: int) -> Row[Any]:
    """Step: return the row of the present file of a member, of a merged one that of the kept file.

    Raises ``NotFound``, also for a file made anonymous.
    """
    members = schema.member
    row = tx.row(members, member_id)
    if row.merged_into is not None:
        row = tx.row(members, row.merged_into)
    if row.erased_at is not None:
        raise NotFound(N_("This file was made anonymous."))
    return row
