"""What the pledge promises for whom, and what is less than that (R10, R11, R29)."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money, total
from lib.kernel.quantity import Unit
from lib.service.after_sales.remedies import rules
from lib.service.after_sales.remedies.rules import (
    Disposal,
    Facts,
    Kind,
    Option,
    Pledge,
    Remedy,
    Solution,
    check_at_least,
    checked,
    pledge_for,
    pledge_from,
)
from lib.service.after_sales.rules import CountedIn, Defect
from lib.shop.settings import Settings

TRAY, JIN = Unit("板"), Unit.named("斤")
USUAL = Settings()
BOTH = replace(Settings(), fresh_part="share_and_one_more")


def eggs(bad: int | None = 3, **values: Any) -> Facts:
    """3 of 60 eggs of 2 trays for 57.60 are rotten, unless told otherwise."""
    plain: dict[str, Any] = {
        "defect": Defect.ROTTEN, "fresh": True, "daily": False, "unit": TRAY, "quantity": 2,
        "charged": Money(5760), "left": Money(5760), "bad": bad,
        "of_total": None if bad is None else 60,
        "counted_in": None if bad is None else CountedIn.PIECES,
    }  # fmt: skip
    return Facts(**{**plain, **values})


def soap(bad: int = 1, **values: Any) -> Facts:
    """1 of 3 bottles of soap for 30.00 has a fault."""
    plain: dict[str, Any] = {
        "defect": Defect.QUALITY, "fresh": False, "daily": True, "unit": Unit("瓶"), "quantity": 3,
        "charged": Money(3000), "left": Money(3000), "bad": bad, "of_total": 3,
        "counted_in": CountedIn.UNITS,
    }  # fmt: skip
    return Facts(**{**plain, **values})


def said(facts: Facts, settings: Settings = USUAL) -> list[str]:
    """The options in short: ``refund 1440 + one_more 1``."""
    return [
        " + ".join(f"{one.kind} {_amount(one)}" for one in option.remedies)
        for option in pledge_for(facts, settings).options
    ]


def _amount(one: Remedy) -> object:
    return one.amount.fen if one.amount is not None else one.quantity


@pytest.mark.parametrize(
    ("facts", "options"),
    [
        # a part of a tray: its share, or a tray more
        (eggs(3), ["refund 288", "one_more 1"]),
        (eggs(29), ["refund 2784", "one_more 1"]),
        # whole trays: both
        (eggs(30), ["refund 2880 + one_more 1"]),
        (eggs(60), ["refund 5760 + one_more 2"]),
        (eggs(None), ["refund 5760 + one_more 2"]),
        (
            eggs(1, of_total=2, counted_in=CountedIn.UNITS),
            ["refund 2880 + one_more 1"],
        ),
        # a tray and a part of the other: both for the tray, either for the part
        (eggs(33), ["refund 3168 + one_more 1", "refund 2880 + one_more 2"]),
        # by weight, in grams as in jin
        (
            eggs(200, unit=JIN, quantity=1300, charged=Money(624), left=Money(624),
                 of_total=1300, counted_in=CountedIn.GRAMS),
            ["refund 96", "one_more 500"],
        ),
        (
            eggs(500, unit=JIN, quantity=1500, charged=Money(720), left=Money(720),
                 of_total=1500, counted_in=CountedIn.GRAMS),
            ["refund 240 + one_more 500"],
        ),
        (
            eggs(1, unit=JIN, quantity=1500, charged=Money(720), left=Money(720),
                 of_total=3, counted_in=CountedIn.UNITS),
            ["refund 240 + one_more 500"],
        ),
        (
            eggs(1300, unit=JIN, quantity=1300, charged=Money(624), left=Money(624),
                 of_total=1300, counted_in=CountedIn.GRAMS),
            ["refund 624 + one_more 1300"],
        ),
        (
            eggs(1, unit=JIN, quantity=1300, charged=Money(624), left=Money(624),
                 of_total=8, counted_in=CountedIn.PIECES),
            ["refund 78", "one_more 500"],
        ),
    ],
)  # fmt: skip
def test_rotten_fresh_goods(facts: Facts, options: list[str]) -> None:
    assert said(facts) == options


def test_the_setting_promises_share_and_one_more() -> None:
    assert said(eggs(3), BOTH) == ["refund 288 + one_more 1"]
    assert said(eggs(33), BOTH) == ["refund 3168 + one_more 2"]
    assert pledge_for(eggs(3), BOTH).options[0].practice == "R10"


@pytest.mark.parametrize(
    ("facts", "options", "practice"),
    [
        (soap(), ["return 1000", "exchange 1"], "R11"),
        (soap(defect=Defect.ROTTEN), ["return 1000", "exchange 1"], "R11"),
        (soap(defect=Defect.DAMAGED), ["return 1000", "exchange 1"], "R11"),
        # 2 of 30 sheets in 3 packs: a whole pack is returned
        (soap(2, of_total=30, counted_in=CountedIn.PIECES), ["return 1000", "exchange 1"], "R11"),
        # both tags: fresh when it rots, daily otherwise; none: fresh
        (soap(fresh=True), ["return 1000", "exchange 1"], "R11"),
        (soap(fresh=True, defect=Defect.ROTTEN), ["refund 1000 + one_more 1"], "R10"),
        (soap(daily=False, defect=Defect.ROTTEN), ["refund 1000 + one_more 1"], "R10"),
        (soap(daily=False), ["refund 1000", "one_more 1"], "R29"),
        (soap(defect=Defect.WRONG), ["refund 1000", "exchange 1"], "R29"),
        (soap(defect=Defect.MISSING), ["refund 1000", "one_more 1"], "R29"),
        (eggs(3, defect=Defect.DAMAGED), ["refund 288", "one_more 1"], "R29"),
        (
            eggs(100, defect=Defect.SHORT, unit=JIN, quantity=1300, charged=Money(624),
                 left=Money(624), of_total=1300, counted_in=CountedIn.GRAMS),
            ["refund 48", "one_more 100"],
            "R29",
        ),
        (eggs(3, defect=Defect.QUALITY), ["refund 288", "one_more 1"], "R29"),
    ],
)  # fmt: skip
def test_other_faults(facts: Facts, options: list[str], practice: str) -> None:
    assert said(facts) == options
    assert {one.practice for one in pledge_for(facts, Settings()).options} == {practice}


def test_the_shop_pays_the_way_of_daily_goods() -> None:
    pledge = pledge_for(soap(), Settings())
    assert all(one.freight_by_shop for option in pledge.options for one in option.remedies)


def test_nothing_fixed_is_promised_for_a_complaint_of_service() -> None:
    for defect in (Defect.SERVICE, Defect.OTHER):
        assert pledge_for(eggs(3, defect=defect), Settings()) == Pledge()


def test_without_an_order_the_amount_is_whatever_was_paid() -> None:
    unknown = {"quantity": None, "charged": None, "left": None}
    assert said(eggs(None, **unknown)) == ["refund None + one_more 1"]
    assert said(eggs(3, **unknown)) == ["refund None", "one_more 1"]
    two = eggs(2, of_total=3, counted_in=CountedIn.UNITS, **unknown)
    assert said(two) == ["refund None + one_more 2"]
    (both,) = pledge_for(two, Settings()).options
    assert rules.keeps(both, [Remedy(Kind.REFUND, None, Money(1)), Remedy(Kind.ONE_MORE, 2)])
    assert not rules.keeps(both, [Remedy(Kind.ONE_MORE, 2)])
    assert not rules.keeps(both, [Remedy(Kind.REFUND, None, Money(1)), Remedy(Kind.ONE_MORE, 1)])


def test_never_more_than_what_is_left() -> None:
    assert eggs(3, left=Money(100)).share == Money(100)
    assert eggs(None, left=Money(0)).share == Money(0)


def test_half_a_fen_is_rounded_up() -> None:
    """5.55 for 2 trays: half of it is 2.775, and the resident is owed 2.78."""
    assert eggs(30, charged=Money(555), left=Money(555)).share == Money(278)


def refund(fen: int) -> Remedy:
    return Remedy(Kind.REFUND, None, Money(fen))


def more(quantity: int) -> Remedy:
    return Remedy(Kind.ONE_MORE, quantity)


@pytest.mark.parametrize(
    "done",
    [
        [refund(288)],
        [refund(289)],
        [more(1)],
        [Remedy(Kind.EXCHANGE, 1)],
        [refund(288), more(1)],
        [Remedy(Kind.RETURN, 1, Money(288))],
        [refund(200), refund(88)],
    ],
)
def test_as_good_or_better_is_fine(done: list[Remedy]) -> None:
    check_at_least(pledge_for(eggs(3), Settings()), done, "")


@pytest.mark.parametrize("done", [[refund(287)], [Remedy(Kind.WORD)], [], [Remedy(Kind.RETURN, 1)]])
def test_less_is_refused_unless_the_resident_wished_it(done: list[Remedy]) -> None:
    pledge = pledge_for(eggs(3), Settings())
    with pytest.raises(Refused, match="less than what the shop promises"):
        check_at_least(pledge, done, "")
    check_at_least(pledge, done, "说算了")
    check_at_least(Pledge(), done, "")


def test_both_are_promised_for_whole_trays() -> None:
    pledge = pledge_for(eggs(60), Settings())
    for done in ([refund(5760)], [more(2)], [refund(5760), more(1)], [refund(5759), more(2)]):
        with pytest.raises(Refused):
            check_at_least(pledge, done, "")
    check_at_least(pledge, [refund(5760), more(2)], "")


KINDS = st.sampled_from([each for each in Defect if each not in (Defect.SERVICE, Defect.OTHER)])
FACTS = st.builds(
    lambda defect, tags, quantity, fen, bad, of, way, prior: Facts(
        defect, *tags, JIN if way else TRAY, quantity * (100 if way else 1), Money(fen),
        Money(fen), min(bad, of), of, CountedIn.GRAMS if way else CountedIn.PIECES, prior,
    ),
    KINDS, st.tuples(st.booleans(), st.booleans()), st.integers(1, 30), st.integers(0, 10_000),
    st.integers(1, 90), st.integers(1, 90), st.booleans(), st.fractions(0, 1, max_denominator=30),
)  # fmt: skip


@given(FACTS, st.sampled_from([Settings(), BOTH]))
def test_every_option_keeps_the_pledge_and_nothing_keeps_none(
    facts: Facts, settings: Settings
) -> None:
    pledge = pledge_for(facts, settings)
    assert pledge.options
    assert pledge_from(pledge.to_json()) == pledge
    for option in pledge.options:
        check_at_least(pledge, option.remedies, "")
        for one in option.remedies:
            assert one.amount is None or Money(0) <= one.amount <= (facts.left or Money(0))
            assert one.quantity is None or 0 < one.quantity <= (facts.quantity or 0)


@given(
    st.integers(0, 100_000),
    st.integers(1, 60),
    st.lists(st.integers(1, 20), min_size=1, max_size=8),
)
def test_shares_of_several_cases_on_one_line_add_up(
    charged: int, extra: int, parts: list[int]
) -> None:
    """Whatever is counted bad, case after case, all of it together costs what the line did."""
    whole = sum(parts) + (extra if extra % 2 else 0)
    given_back, before, left = [], Fraction(0), charged
    for bad in parts:
        one = eggs(
            bad, of_total=whole, charged=Money(charged), left=Money(left), before=before,
            quantity=whole,
        )  # fmt: skip
        assert one.share is not None
        given_back.append(one.share)
        before += Fraction(bad, whole)
        left -= one.share.fen
        exact = Fraction(charged * bad, whole)
        assert abs(one.share.fen - exact) < 1
    exact = Fraction(charged * sum(parts), whole)
    assert total(given_back).fen == int(exact + Fraction(1, 2))
    assert left >= 0


@pytest.mark.parametrize(
    ("solution", "sentence"),
    [
        (Solution(()), "Choose what is done"),
        (Solution((refund(1), refund(2))), "Money goes back once"),
        (Solution((refund(1), Remedy(Kind.RETURN, 1, Money(1)))), "Money goes back once"),
        (Solution((refund(0),)), "above zero"),
        (Solution((Remedy(Kind.REFUND),)), "above zero"),
        (Solution((more(0),)), "how much is given"),
        (Solution((Remedy(Kind.EXCHANGE),)), "how much is given"),
        (Solution((more(10**10),)), "that many cannot be"),
        (Solution((refund(1),), freight=Money(-1)), "cannot be negative"),
        (Solution((refund(1),), disposal=Disposal.THROWN_AWAY), "return or an exchange"),
        (
            Solution((Remedy(Kind.EXCHANGE, 4),), disposal=Disposal.THROWN_AWAY),
            "More cannot come back",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(solution: Solution, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        checked(solution, soap())


def test_only_unopened_daily_goods_go_back_to_the_shelf() -> None:
    back = Solution((Remedy(Kind.RETURN, 1, Money(1000)),), disposal=Disposal.TO_SHELF)
    assert checked(back, soap()) == back.remedies
    for facts in (soap(fresh=True), soap(daily=False), eggs(30)):
        with pytest.raises(Refused, match="Fresh goods"):
            checked(back, facts)
    with pytest.raises(Refused, match="rotten"):
        checked(back, soap(defect=Defect.ROTTEN))


def test_an_empty_pledge_is_read_as_none() -> None:
    assert pledge_from(None) == Pledge()
    assert Option((), "") not in Pledge().options
