"""The community's own label: approval, versions, the print run, and what residents see (R3)."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lib.kernel.clock import FixedClock
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.kernel.money import Money
from lib.shop.shop import Shop
from lib.supply.labels import commands, queries
from lib.supply.labels.rules import Details, Kind, Span, checked, signed, used_by
from tests.supply.cast import TODAY, add_batch, add_product

DRAFT = Details("蓝标", 1000, Money(8), Money(320))
APPROVED = replace(DRAFT, approved_on=TODAY)


def picture() -> tuple[bytes, str]:
    target = BytesIO()
    Image.new("RGB", (40, 30), "#2f7d4f").save(target, "PNG")
    return target.getvalue(), "label.png"


def day(number: int) -> date:
    return date(2026, 9, number)


@pytest.mark.parametrize(
    ("details", "has_photo", "sentence"),
    [
        (Details(" "), True, "Give the label a name"),
        (replace(DRAFT, minimum_run=0), True, "minimum run"),
        (replace(DRAFT, label_cost=Money(-1)), True, "negative"),
        (replace(DRAFT, approved_on=TODAY + timedelta(days=1)), True, "not come yet"),
        (APPROVED, False, "needs the photo"),
    ],
)
def test_what_may_be_approved(details: Details, has_photo: bool, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        checked(details, TODAY, has_photo=has_photo)


def test_a_draft_needs_no_photo() -> None:
    assert checked(DRAFT, TODAY, has_photo=False) == DRAFT
    assert checked(APPROVED, TODAY, has_photo=True) == APPROVED


def test_labels_come_and_go_with_a_sign() -> None:
    assert [signed(kind, 5) for kind in (Kind.PRINTED, Kind.SPOILED, Kind.USED)] == [5, -5, -5]
    with pytest.raises(Refused):
        signed(Kind.PRINTED, 0)


@pytest.mark.parametrize(
    ("arrival", "expected"),
    [
        (day(1), {1: 0, 2: 0}),
        (day(2), {1: 7, 2: 0}),
        (day(9), {1: 7, 2: 0}),
        (day(10), {1: 0, 2: 7}),
        (day(20), {1: 0, 2: 7}),
        (day(21), {1: 0, 2: 0}),
    ],
)
def test_a_delivery_uses_the_version_approved_last(arrival: date, expected: dict[int, int]) -> None:
    """The first runs from the 2nd, the second from the 10th to the 20th; its end was entered late.

    The first was ended on the 12th only, when the second was written down.
    """
    spans = [Span(1, 1, day(2), day(12)), Span(2, 2, day(10), day(20))]
    assert used_by(spans, [(arrival, 7)]) == expected


@given(
    approved=st.lists(st.integers(1, 20), min_size=1, max_size=4),
    arrivals=st.lists(st.tuples(st.integers(1, 28), st.integers(1, 50)), max_size=6),
)
def test_no_delivery_uses_labels_twice(
    approved: list[int], arrivals: list[tuple[int, int]]
) -> None:
    spans = [Span(n, n, day(start), None) for n, start in enumerate(approved, start=1)]
    used = used_by(spans, [(day(number), units) for number, units in arrivals])
    labelled = [units for number, units in arrivals if number >= min(approved)]
    assert sum(used.values()) == sum(labelled)


def test_a_label_is_in_force_from_its_approval_on(shop: Shop) -> None:
    soap = add_product(shop, "手工皂", "块", 900)
    label = commands.add_label(shop, soap, DRAFT)
    assert queries.only_here(shop) == frozenset()
    (draft,) = queries.labels(shop)
    assert not draft.in_force
    with pytest.raises(Refused, match="photo"):
        commands.change_label(shop, label, draft.version, APPROVED)
    commands.change_label(shop, label, draft.version, APPROVED, picture())
    assert queries.only_here(shop) == {soap}
    (found,) = queries.labels(shop)
    assert found.photo
    with pytest.raises(Refused, match="not taken back"):
        commands.change_label(shop, label, found.version, DRAFT)
    with pytest.raises(Conflict):
        commands.change_label(shop, label, draft.version, APPROVED)
    commands.end_label(shop, label, found.version)
    assert queries.only_here(shop) == frozenset()
    with pytest.raises(Refused, match="has ended"):
        commands.end_label(shop, label, found.version + 1)


def test_a_new_version_ends_the_old_one(shop: Shop) -> None:
    soap = add_product(shop, "手工皂", "块", 900)
    old = commands.add_label(shop, soap, APPROVED, picture())
    draft = commands.add_label(shop, soap, replace(DRAFT, title="绿标"))
    states = {one.id: (one.number, one.in_force) for one in queries.labels(shop)}
    assert states == {old: (1, True), draft: (2, False)}
    commands.change_label(shop, draft, 1, replace(APPROVED, title="绿标"), picture())
    states = {one.id: (one.number, one.in_force) for one in queries.labels(shop)}
    assert states == {old: (1, False), draft: (2, True)}


def test_an_old_draft_does_not_replace_a_newer_version(shop: Shop) -> None:
    soap = add_product(shop, "手工皂", "块", 900)
    draft = commands.add_label(shop, soap, DRAFT)
    commands.add_label(shop, soap, APPROVED, picture())
    with pytest.raises(Refused, match="newer version"):
        commands.change_label(shop, draft, 1, APPROVED, picture())


def test_what_is_left_of_the_run_follows_print_deliveries_and_counts(
    shop: Shop, clock: FixedClock
) -> None:
    soap = add_product(shop, "手工皂", "块", 900)
    add_batch(shop, soap, 90, arrived_on=TODAY - timedelta(days=1))
    label = commands.add_label(shop, soap, APPROVED, picture())
    commands.move_labels(shop, label, Kind.PRINTED, 500)
    commands.move_labels(shop, label, Kind.SPOILED, 20, "印歪了")
    clock.forward(days=1)
    add_batch(shop, soap, 120, arrived_on=TODAY + timedelta(days=1))
    (found,) = queries.labels(shop)
    assert (found.printed, found.delivered, found.left) == (500, 120, 360)
    assert commands.count_labels(shop, label, 350, 360) == -10
    (found,) = queries.labels(shop)
    assert found.left == 350
    with pytest.raises(Refused, match="350 labels are booked now, not 360"):
        commands.count_labels(shop, label, 300, 360)
    assert commands.count_labels(shop, label, 350, 350) == 0
    said = [(each.kind, each.quantity) for each in queries.label_movements(shop, label)]
    assert said == [(Kind.CORRECTED, -10), (Kind.SPOILED, -20), (Kind.PRINTED, 500)]


def test_goods_by_weight_need_a_label_for_every_unit_begun(shop: Shop) -> None:
    rice = add_product(shop, "小包米", "斤", 500)
    commands.add_label(shop, rice, APPROVED, picture())
    add_batch(shop, rice, 1250)
    assert queries.labels(shop)[0].delivered == 3


@pytest.mark.parametrize(("spoiled", "short"), [(300, False), (301, True)])
def test_labels_are_printed_again_below_the_setting(shop: Shop, spoiled: int, short: bool) -> None:
    soap = add_product(shop, "手工皂", "块", 900)
    label = commands.add_label(shop, soap, APPROVED, picture())
    assert queries.due(shop) == ()
    commands.move_labels(shop, label, Kind.PRINTED, 500)
    commands.move_labels(shop, label, Kind.SPOILED, spoiled)
    assert bool(queries.due(shop)) is short
    fewer = replace(shop, settings=replace(shop.settings, label_reorder_at=100))
    assert queries.due(fewer) == ()


def test_labels_are_the_owners_and_their_cost_too(shop: Shop, staff_shop: Shop) -> None:
    soap = add_product(shop, "手工皂", "块", 900)
    label = commands.add_label(shop, soap, APPROVED, picture())
    for attempt in (
        lambda: commands.add_label(staff_shop, soap, DRAFT),
        lambda: commands.move_labels(staff_shop, label, Kind.PRINTED, 5),
        lambda: commands.end_label(staff_shop, label, 1),
    ):
        with pytest.raises(Refused):
            attempt()
    assert queries.labels(shop)[0].details.unit_cost == Money(320)
    assert queries.labels(staff_shop)[0].details.unit_cost is None
    with pytest.raises(NotFound):
        commands.add_label(shop, 99, DRAFT)
    with pytest.raises(NotFound):
        commands.move_labels(shop, 99, Kind.PRINTED, 5)
