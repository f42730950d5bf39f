"""The street of the pickup tests, with orders that came in by chain the evening before."""

import pytest
from sqlalchemy import update

from lib.db import schema
from tests.service.cast import Street


@pytest.fixture
def street(street: Street) -> Street:
    """What came in by chain was known before any list was due."""
    with street.shop.store.write() as connection:
        connection.execute(update(schema.customer_order).values(source="chain"))
    return street
