"""Reads which photos belong to the cases of the ledger."""

from sqlalchemy import select

from lib.db import schema
from lib.service.ledger.album.rules import MOST_PHOTOS, Album, Shot, fitting
from lib.service.ledger.families.queries import families
from lib.service.ledger.queries import conditions
from lib.service.ledger.rules import Wanted
from lib.shop.shop import DESK, Shop

MOST_LOOKED_AT = 10 * MOST_PHOTOS

_case, _photo, _blob = schema.after_sales_case, schema.case_photo, schema.blob


def album(shop: Shop, wanted: Wanted) -> Album:
    """Return the photos of the cases that are ``wanted``, as far as they fit. Owner and staff.

    Of the newest cases first, each picture of a case once; photos taken off are left out.
    """
    shop.require(DESK)
    family = families("seen", *conditions(shop, wanted))
    query = (
        select(family.c.root, _photo.c.blob, _blob.c.size)
        .join(_photo, _photo.c.case_id == family.c.id)
        .join(_blob, _blob.c.sha256 == _photo.c.blob)
        .join(_case, _case.c.id == family.c.root)
        .where(_photo.c.removed_at.is_(None))
        .order_by(_case.c.reported_at.desc(), family.c.root.desc(), _photo.c.at, _photo.c.id)
        .limit(MOST_LOOKED_AT)
    )
    with shop.read() as connection:
        rows = connection.execute(query).all()
    shots = dict.fromkeys((row.root, row.blob, row.size) for row in rows)
    return fitting(Shot(*each) for each in shots)
