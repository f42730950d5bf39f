"""Batches of which several complain: one that may be unsafe is pointed out, a stopped one not."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import Refused
from lib.service.after_sales import commands
from lib.service.after_sales.risk.queries import risky_batches
from lib.service.after_sales.rules import Defect
from lib.shop.shop import Shop
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, new


def complain(bought: Bought, line: int, defect: Defect = Defect.ROTTEN) -> int:
    counted = {"bad": None, "counted_in": None}
    return commands.open_case(bought.shop, new(line, defect=defect, **counted))


def test_two_rotten_of_one_batch_are_pointed_out_with_their_cases(bought: Bought) -> None:
    first = complain(bought, bought.line)
    assert risky_batches(bought.shop) == ()
    second = complain(bought, bought.others, Defect.QUALITY)
    (found,) = risky_batches(bought.shop)
    assert (found.id, found.cases, found.product) == (bought.batch, (first, second), "土鸡蛋")


@pytest.mark.parametrize("defect", [Defect.DAMAGED, Defect.SHORT, Defect.WRONG])
def test_what_is_not_the_batchs_own_fault_does_not_count(bought: Bought, defect: Defect) -> None:
    complain(bought, bought.line)
    complain(bought, bought.others, defect)
    assert risky_batches(bought.shop) == ()


def test_withdrawn_and_joined_cases_do_not_count(bought: Bought) -> None:
    complain(bought, bought.line)
    other = complain(bought, bought.others)
    commands.withdraw(bought.shop, other, cast.version(bought.shop, other), "看错了")
    assert risky_batches(bought.shop) == ()


def test_a_stopped_batch_and_an_old_story_are_left_out(bought: Bought, clock: FixedClock) -> None:
    complain(bought, bought.line)
    complain(bought, bought.others)
    with bought.shop.store.write() as connection:
        batch = schema.batch
        stop = update(batch).where(batch.c.id == bought.batch).values(stopped_at=clock.now())
        connection.execute(stop)
    assert risky_batches(bought.shop) == ()
    with bought.shop.store.write() as connection:
        connection.execute(update(schema.batch).values(stopped_at=None))
    clock.moment += timedelta(days=31)
    assert risky_batches(bought.shop) == ()


def test_residents_do_not_read_it(bought: Bought, resident_shop: Shop) -> None:
    with pytest.raises(Refused):
        risky_batches(resident_shop)
