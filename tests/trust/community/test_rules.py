"""Pure decisions of the group calendar: tips, topics, activities, photos, weeks."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.kernel.errors import Refused
from lib.kernel.money import Money
from lib.shop.language import translator
from lib.shop.messages.events import EVENTS, Purpose
from lib.shop.quotas import Standing
from lib.shop.settings import Settings
from lib.trust.community.activities import rules as activities
from lib.trust.community.activities import texts as activity_texts
from lib.trust.community.photos.rules import Details as Photo
from lib.trust.community.tips import rules as tips
from lib.trust.community.tips.bank import SUPPLIED
from lib.trust.community.tips.rules import Details, Kind, Tip, proposed, ratio
from lib.trust.community.topics import rules as topics
from lib.trust.community.topics import texts as topic_texts
from lib.trust.community.topics.bank import SUGGESTED
from lib.trust.community.topics.texts import Wished
from lib.trust.community.week import rules as week
from tests.conftest import NOW

TODAY = date(2026, 9, 25)
ZONE = "Asia/Shanghai"
zh = translator("zh_CN")


def tip(number: int, last: date | None = None, **more: object) -> Tip:
    return Tip(number, more.pop("kind", Kind.STORING), f"tip {number}", last=last, **more)  # type: ignore[arg-type]


def days_ago(count: int) -> date:
    return TODAY - timedelta(days=count)


# What comes with the program.


def test_sixty_tips_come_with_the_program_in_both_languages() -> None:
    assert len(SUPPLIED) >= 60
    assert (
        len({one.key for one in SUPPLIED}) == len({one.text for one in SUPPLIED}) == len(SUPPLIED)
    )
    for one in SUPPLIED:
        assert zh(one.text) != one.text, one.key
        assert len(zh(one.text)) <= 80
        Details(one.kind, one.text, one.from_month or None, one.to_month or None).checked()
        assert (one.kind is Kind.SEASON) <= bool(one.from_month)


def test_no_supplied_tip_advertises_or_promises_health() -> None:
    for one in SUPPLIED:
        for word in ("治", "养生", "降血", "防癌", "美容", "排毒", "下单", "团购", "优惠", "特价"):
            assert word not in zh(one.text), (one.key, word)


def test_no_supplied_tip_mixes_cleaners() -> None:
    """Bleach is named once, to warn; nothing else pours two cleaners together."""
    bleach = [one.key for one in SUPPLIED if "84" in zh(one.text) or "消毒液" in zh(one.text)]
    assert bleach == ["never-mix-bleach"]


def test_every_month_has_many_tips() -> None:
    for month in range(1, 13):
        day = date(2026, month, 15)
        bank = [
            tip(number, from_month=one.from_month or None, to_month=one.to_month or None)
            for number, one in enumerate(SUPPLIED)
        ]
        assert sum(one.fits(day) for one in bank) >= Settings().tip_repeat_days


def test_twenty_questions_come_with_the_program_in_both_languages() -> None:
    assert len(SUGGESTED) >= 20
    assert all(zh(one.text) != one.text for one in SUGGESTED)


# Tips (R13).


@pytest.mark.parametrize(
    ("months", "month", "fits"),
    [
        ((None, None), 7, True),
        ((6, 9), 5, False),
        ((6, 9), 6, True),
        ((6, 9), 9, True),
        ((6, 9), 10, False),
        ((10, 2), 9, False),
        ((10, 2), 12, True),
        ((10, 2), 1, True),
        ((10, 2), 2, True),
        ((10, 2), 3, False),
        ((7, 7), 7, True),
    ],
)
def test_months_reach_over_the_new_year(
    months: tuple[int | None, int | None], month: int, fits: bool
) -> None:
    one = tip(1, from_month=months[0], to_month=months[1])
    assert one.fits(date(2026, month, 10)) is fits


@pytest.mark.parametrize(("ago", "again"), [(0, False), (1, False), (59, False), (60, True)])
def test_a_tip_comes_again_after_so_many_days(ago: int, again: bool) -> None:
    one = tip(1, days_ago(ago))
    assert one.may_be_sent(TODAY, 60) is again
    assert one.free_from(60) == TODAY + timedelta(days=60 - ago)


def test_the_longest_unused_fitting_tip_is_proposed() -> None:
    bank = [
        tip(1, days_ago(30)),
        tip(2, days_ago(90)),
        tip(3, days_ago(200), from_month=1, to_month=2),
        tip(4, days_ago(300), archived=True),
        tip(5, days_ago(80)),
    ]
    found = proposed(bank, TODAY, 60)
    assert found is not None
    assert found.id == 2
    assert proposed([*bank, tip(6)], TODAY, 60) == tip(6)
    other = proposed(bank, TODAY, 60, skipped=[2])
    assert other is not None
    assert other.id == 5
    assert proposed(bank, TODAY, 60, skipped=[2, 5]) is None


def test_kinds_take_turns_and_what_fits_now_comes_first() -> None:
    bank = [
        tip(1, kind=Kind.COOKING),
        tip(2, kind=Kind.STORING),
        tip(3, kind=Kind.STORING, from_month=9, to_month=9),
    ]
    first = proposed(bank, TODAY, 60, last_kind=Kind.COOKING)
    assert first is not None
    assert first.id == 3
    assert proposed(bank[:2], TODAY, 60, last_kind=Kind.STORING) == bank[0]


@settings(max_examples=40)
@given(
    bank=st.lists(st.one_of(st.none(), st.integers(0, 100)), min_size=1, max_size=12),
    repeat=st.integers(1, 30),
)
def test_a_plan_never_repeats_within_the_days(bank: list[int | None], repeat: int) -> None:
    known = [tip(number, None if ago is None else days_ago(ago)) for number, ago in enumerate(bank)]
    days = [TODAY + timedelta(days=number) for number in range(20)]
    plan = tips.plan_ahead(known, days, repeat)
    sent = {one.id: one.last for one in known}
    for day in sorted(plan):
        last = sent[plan[day].id]
        assert last is None or (day - last).days >= repeat
        sent[plan[day].id] = day
    assert plan.get(TODAY) == proposed(known, TODAY, repeat)


def test_a_tip_needs_a_text_and_whole_months() -> None:
    with pytest.raises(Refused):
        Details(Kind.COOKING, "  ").checked()
    with pytest.raises(Refused):
        Details(Kind.COOKING, "a", 3, None).checked()
    assert Details(Kind.COOKING, " a\r\nb ").checked().text == "a\nb"


def test_tips_to_offers_is_counted_by_what_a_text_is_for() -> None:
    counts = {"tip": 12, "clearance": 2, "welfare": 7, "topic": 3, "recall": 1, "nobody_knows": 5}
    found = ratio(7, counts)
    assert (found.tips, found.offers, found.others) == (12, 9, 9)
    assert not found.is_noisy
    assert ratio(7, {"welfare": 1}).is_noisy
    assert not ratio(7, {}).is_noisy


def test_every_event_and_every_old_topic_has_a_purpose() -> None:
    for key, event in EVENTS.items():
        assert tips.purpose_of(key) is event.purpose
    for key in ("clearance", "origin", "recall"):
        assert tips.purpose_of(key) in Purpose


# Topics (R14).


def test_answers_are_read_from_chat_and_from_plain_lines() -> None:
    text = "小李: 草莓\n@王姐：想要现磨芝麻酱\n小李: 草莓\n"
    found = topics.read_answers(text, NOW, ZONE)
    assert [(one.name, one.text) for one in found] == [
        ("小李", "草莓"),
        ("王姐", "想要现磨芝麻酱"),
    ]
    chat = "小李  10:01\n想要草莓\n老周  10:02\n有没有荠菜\n"
    said = topics.read_answers(chat, NOW, ZONE)
    assert [(one.name, one.text) for one in said] == [("小李", "想要草莓"), ("老周", "有没有荠菜")]
    assert all(one.at is not None and one.at <= NOW for one in said)


def test_answers_are_read_from_a_chain() -> None:
    text = "芳姐:\n#接龙\n周末水果\n\n1. 张三 草莓\n2. 3-201 李四 车厘子\n3. 想吃蓝莓"
    assert [(one.name, one.text) for one in topics.read_answers(text, NOW, ZONE)] == [
        ("张三", "草莓"),
        ("3-201 李四", "车厘子"),
        ("", "想吃蓝莓"),
    ]
    text = "小李:\n1. 想吃草莓\n2. 想吃苹果"
    assert [(one.name, one.text) for one in topics.read_answers(text, NOW, ZONE)] == [
        ("小李", "想吃草莓"),
        ("小李", "想吃苹果"),
    ]


def test_an_answer_never_comes_from_a_time_to_come() -> None:
    late = topics.NewAnswer("小李", "草莓", NOW + timedelta(days=1)).checked(NOW)
    assert late.at == NOW
    with pytest.raises(Refused):
        topics.NewAnswer("小李", " ").checked(NOW)


@pytest.mark.parametrize(
    ("texts", "title"),
    [
        (["草莓草莓", "草莓"], "草莓"),
        (["有没有芝麻酱"], "芝麻酱"),
        (["蓝莓+1", "要蓝莓，便宜点的"], "蓝莓"),
        (["草莓 +1"], "草莓"),
        ([], ""),
    ],
)
def test_a_wish_is_called_by_the_goods_that_are_named(texts: list[str], title: str) -> None:
    assert topics.usual_title(texts) == title


def test_the_thanks_say_what_is_listed_and_what_is_on_offer() -> None:
    wishes = [Wished("芝麻酱", 2), Wished("草莓", 5), Wished("荠菜", 3, is_offered=True)]
    said = topic_texts.thanks_values("想吃什么？", 10, wishes, zh)
    assert said["wishes"] == "记下了：草莓（5 人）、芝麻酱（2 人）".replace("、", zh(", "))
    assert said["offered"] == "已经上架：荠菜"
    many = [Wished(f"菜{number}", 20 - number) for number in range(12)]
    assert "4" in str(topic_texts.thanks_values("?", 12, many, zh)["wishes"])
    assert topic_texts.thanks_values("?", 0, [], zh)["wishes"] == ""


# Activities (R12).


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("15:00", "15:00"), ("9：30", "09:30"), ("9", "09:00"),
     ("0.05", "00:05"), (" 23:59 ", "23:59")],
)  # fmt: skip
def test_a_time_of_the_day_is_understood(typed: str, kept: str) -> None:
    assert activities.wall_time(typed) == kept


@pytest.mark.parametrize("typed", ["24:00", "12:60", "下午", "15:0", "99"])
def test_no_time_of_the_day_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        activities.wall_time(typed)


def plan(**more: object) -> activities.Details:
    values: dict[str, object] = {"kind": activities.Kind.SWAP, "title": "换物", "day": TODAY}
    return activities.Details(**{**values, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": " "},
        {"day": TODAY + timedelta(days=400)},
        {"day": TODAY - timedelta(days=400)},
        {"cost": Money(-1)},
        {"cost": Money(10**9)},
        {"expected_heads": -1},
        {"expected_heads": 10_001},
        {"starts": "late"},
    ],
)
def test_an_impossible_plan_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(Refused):
        plan(**wrong).checked(TODAY)


def test_every_kind_begins_with_a_checklist_that_asks_the_parents() -> None:
    asked = "Ask the parents before photos of children are published"
    for kind in activities.Kind:
        lines = activities.TEMPLATES[kind]
        assert asked in lines
        assert activities.checked_tasks(lines) == list(lines)
        assert all(zh(line) != line for line in lines)
    assert activities.checked_tasks([" a ", "", "a", "b"]) == ["a", "b"]
    with pytest.raises(Refused):
        activities.checked_tasks(str(number) for number in range(41))


@pytest.mark.parametrize(
    ("cost", "heads", "each"),
    [(Money(1000), 3, Money(333)), (Money(1000), 16, Money(63)), (Money(0), 4, Money(0)),
     (None, 4, None), (Money(1000), 0, None), (Money(1000), None, None)],
)  # fmt: skip
def test_cost_per_head_is_rounded_half_up(
    cost: Money | None, heads: int | None, each: Money | None
) -> None:
    assert activities.cost_per_head(cost, heads) == each


def test_the_time_after_an_activity_begins_when_it_begins() -> None:
    found = activities.window(TODAY, "15:00", 7, ZONE)
    assert found.at == datetime(2026, 9, 25, 7, 0, tzinfo=UTC)
    assert found.until - found.at == found.at - found.before == timedelta(days=7)
    assert activities.window(TODAY, "", 7, ZONE).at == datetime(2026, 9, 24, 16, tzinfo=UTC)
    assert activities.days_over(found, found.at - timedelta(hours=1)) == 0
    assert activities.days_over(found, found.at + timedelta(days=2, hours=23)) == 2
    assert activities.days_over(found, found.until + timedelta(days=90)) == 7


def test_names_come_out_of_a_chain_or_a_list() -> None:
    text = "1. 小李 +2\n2、王姐+1\n@老周, 小李；张阿姨\n\n"
    assert activities.split_names(text) == ["小李", "王姐", "老周", "张阿姨"]
    assert activities.split_names(" \n,") == []


def test_what_is_not_known_is_not_said_to_the_group() -> None:
    values = activity_texts.announcement_values("换物", TODAY, "", "", "", [], TODAY, zh)
    assert (values["place"], values["goods"], values["note"]) == ("", "", "")
    assert activity_texts.thanks_values("换物", None, 0, zh)["heads"] == ""


# Photos: children by consent only (R12).


@pytest.mark.parametrize(
    ("children", "consent", "may"),
    [(False, "", True), (True, "", False), (True, " ", False), (True, "妈妈，微信", True)],
)
def test_children_are_published_by_consent_only(children: bool, consent: str, may: bool) -> None:
    assert Photo(children, consent=consent).checked(TODAY).may_be_published is may


def test_consent_has_a_day_that_is_not_to_come() -> None:
    assert Photo(True, consent="妈妈").checked(TODAY).consent_on == TODAY
    assert Photo(True, consent="妈妈", consent_on=days_ago(3)).checked(
        TODAY
    ).consent_on == days_ago(3)
    with pytest.raises(Refused):
        Photo(True, consent="妈妈", consent_on=TODAY + timedelta(days=1)).checked(TODAY)
    assert Photo(False, consent="妈妈", consent_on=TODAY).checked(TODAY) == Photo(False)


# Weeks and quotas.


def test_weeks_run_from_monday_to_sunday() -> None:
    assert week.week_of(date(2026, 9, 27)) == (date(2026, 9, 21), date(2026, 9, 27))
    assert week.week_of(date(2026, 9, 28)) == (date(2026, 9, 28), date(2026, 10, 4))
    assert week.month_of(date(2028, 2, 10)) == (date(2028, 2, 1), date(2028, 2, 29))
    assert week.nearest(date(2026, 1, 1), *week.week_of(TODAY)) == date(2026, 9, 21)


@pytest.mark.parametrize(
    ("done", "planned", "standing"),
    [
        (0, 0, Standing.NUDGE),
        (0, 1, Standing.OPEN),
        (1, 0, Standing.REACHED),
        (1, 1, Standing.REACHED),
        (1, 2, Standing.BEYOND),
        (0, 3, Standing.BEYOND),
    ],
)
def test_what_is_planned_silences_the_nudge_and_counts_as_beyond(
    done: int, planned: int, standing: Standing
) -> None:
    for meter in (week.topic_meter, week.activity_meter):
        assert meter(done, planned, TODAY, TODAY, Settings()).standing is standing
