"""The resident's own page of a case: what it shows, to whom, what can be done there (R26-R30)."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.money import Money
from lib.service.after_sales import commands as cases
from lib.service.after_sales.links import commands
from lib.service.after_sales.merging.commands import merge_cases
from lib.service.after_sales.rules import Cause, Result
from lib.shop.files import storage
from lib.shop.incidents import masked
from lib.shop.opening import Premises
from lib.shop.shop import SYSTEM, Shop
from lib.web import case_page, files, help_door, pace, photo_forms
from tests.conftest import NOW
from tests.service.after_sales.cast import (
    Bought,
    ask,
    breaches,
    buy,
    kinds,
    opened,
    reply,
    row,
    rows,
    solve,
    version,
)
from tests.service.cast import put
from tests.shop.files import samples
from tests.web.conftest import visiting
from tests.web.test_help import FAR, OWN, doors, key_of, left_over, report
from tests.web.test_help import cases as count_cases
from tests.web.test_wishes import set_setting

UNKNOWN = "A" * 43


@pytest.fixture(autouse=True)
def fresh_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(help_door, "sendings", pace.Tries())
    monkeypatch.setattr(case_page, "sendings", help_door.sendings)
    monkeypatch.setattr(case_page, "_guesses", pace.Tries())


@pytest.fixture
def visitor(books: Premises) -> Iterator[TestClient]:
    with TestClient(doors(), client=FAR, follow_redirects=False) as client:
        client.headers.update({"accept-language": "zh-CN", "accept-encoding": "identity"})
        yield client


@pytest.fixture
def bought(shop: Shop) -> Bought:
    return buy(shop)


@pytest.fixture
def path(visitor: TestClient) -> str:
    """The private address of a case that was reported on the page with one photo."""
    answer = report(visitor, ("a.jpg", samples.photo()))
    assert answer.status_code == 303
    return str(answer.headers["location"].split("?")[0])


def send(visitor: TestClient, path: str, *pictures: tuple[str, bytes], **typed: object) -> Any:
    values = {"key": typed.pop("key", None) or key_of(visitor, path), "act": "write", **typed}
    parts: list[tuple[str, Any]] = [(name, (None, str(value))) for name, value in values.items()]
    parts += [("photos", (name, content, "image/jpeg")) for name, content in pictures]
    return visitor.post(path, files=parts, headers=OWN)


def words(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("</style>")[1]).split())


def test_the_page_says_what_was_promised_and_what_is_left(
    visitor: TestClient, shop: Shop, path: str, clock: FixedClock
) -> None:
    seen = words(visitor.get(path).text)
    for said in ("A0001", "土鸡蛋 30 枚", "首次回复", "今天11:30", "还有 1 小时 00 分",
                 "明早10:30", "还有 1 天 0 小时", "打开就有味道", "您的照片"):  # fmt: skip
        assert said in seen, said
    clock.forward(minutes=70)
    assert "已经晚了 10 分钟" in words(visitor.get(path).text)
    reply(shop, 1, "收到，抱歉，马上看")
    seen = words(visitor.get(path).text)
    assert "收到，抱歉，马上看" in seen
    assert "晚了 10 分钟，对不起" in seen
    assert "今天11:40才做到" in seen


def test_it_names_nobody_and_no_cost(
    visitor: TestClient, shop: Shop, bought: Bought, path: str
) -> None:
    cases.match_case(shop, 1, version(shop, 1), bought.li, bought.line)
    cases.add_note(shop, 1, "内部：供应商电话 13900000000")
    cases.set_cause(shop, 1, version(shop, 1), Cause.GROWER, "找老张要赔")
    reply(shop, 1)
    page = visitor.get(path)
    for secret in ("小李", "王姐", "芳姐", "3-201", "0831", "13800000831", "13900000000",
                   "内部", "找老张要赔", "3.99", "农场"):  # fmt: skip
        assert secret not in page.text, secret
    assert "土鸡蛋" in page.text


def test_nothing_of_it_is_kept_found_or_told_to_other_pages(visitor: TestClient, path: str) -> None:
    source = f"{path}/photo/1"
    for address in (path, source, f"{path}/address.png", f"/p/case/{UNKNOWN}"):
        answer = visitor.get(address)
        assert answer.headers["cache-control"] == "no-store", address
        assert "noindex" in answer.headers["x-robots-tag"]
        assert answer.headers["referrer-policy"] == "strict-origin"
        assert "set-cookie" not in answer.headers
    page = visitor.get(path)
    assert '<meta name="robots" content="noindex,nofollow">' in page.text
    assert "<script" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "ending",
    ["1", "A0001", "0001", UNKNOWN, "x" * 42, "x" * 5000, "%2e%2e", "' OR 1=1", "\u202e", "1?id=1"],
)
def test_a_guessed_number_or_address_shows_nothing(
    visitor: TestClient, path: str, ending: str
) -> None:
    """C13: whoever is not given the address sees no case."""
    answer = visitor.get(f"/p/case/{ending}")
    assert answer.status_code == 404
    assert "土鸡蛋" not in answer.text
    assert "A0001" not in answer.text


def test_unknown_run_out_and_revoked_addresses_look_alike(
    visitor: TestClient, shop: Shop, path: str, clock: FixedClock
) -> None:
    unknown = visitor.get(f"/p/case/{UNKNOWN}")
    commands.revoke_link(shop, 1)
    revoked = visitor.get(path)
    other = commands.new_link(shop, 1)
    assert visitor.get(other).status_code == 200
    cases.withdraw(shop, 1, version(shop, 1), "居民说弄错了")
    clock.forward(days=shop.settings.case_link_days)
    run_out = visitor.get(other)
    for answer in (revoked, run_out):
        assert answer.status_code == unknown.status_code == 404
        assert answer.text == unknown.text
        assert set(answer.headers) == set(unknown.headers)


def test_an_address_holds_while_the_case_is_open(
    visitor: TestClient, shop: Shop, path: str, clock: FixedClock
) -> None:
    clock.forward(days=3 * shop.settings.case_link_days)
    assert visitor.get(path).status_code == 200
    solve(shop, 1)
    assert visitor.get(path).status_code == 200
    cases.follow_up(shop, 1, version(shop, 1), Result.SATISFIED)
    assert visitor.get(path).status_code == 200
    clock.forward(days=shop.settings.case_link_days)
    assert visitor.get(path).status_code == 404


def test_who_guesses_waits_and_the_holder_of_an_address_does_not(
    visitor: TestClient, path: str, clock: FixedClock
) -> None:
    asked = [
        visitor.get(f"/p/case/{number:043d}").status_code
        for number in range(case_page.GUESSES_PER_HOUR + 2)
    ]
    assert asked[-2:] == [429, 429]
    assert set(asked[:-2]) == {404}
    assert visitor.get(path).status_code == 200
    clock.forward(minutes=1)
    assert visitor.get(f"/p/case/{UNKNOWN}").status_code == 404


def test_photos_are_shown_with_the_token_and_by_no_other_door(
    visitor: TestClient, shop: Shop, bought: Bought, path: str
) -> None:
    other = opened(bought)
    cases.add_photo(shop, other, storage_photo(shop, 3))
    cases.add_photo(shop, 1, storage_photo(shop, 4))
    mine = visitor.get(f"{path}/photo/1")
    assert mine.headers["content-type"] == "image/jpeg"
    assert "default-src 'none'" in mine.headers["content-security-policy"]
    small = visitor.get(f"{path}/photo/1?size=small")
    assert small.status_code == 200
    for wrong in ("2", "3", "99", "x", "-1", "1e9", "99999999999", "１"):
        assert visitor.get(f"{path}/photo/{wrong}").status_code == 404, wrong
    assert visitor.get(f"/p/case/{UNKNOWN}/photo/1").status_code == 404
    blob = rows(shop, schema.case_photo, case_id=1)[0].blob
    with visiting(files.ROUTES) as stranger:
        assert stranger.get(f"/files/{blob}").status_code == 404
    cases.remove_photo(shop, 1)
    assert visitor.get(f"{path}/photo/1").status_code == 404


def storage_photo(shop: Shop, seed: int) -> Any:
    from lib.shop.files import photos

    return photos.put(shop.place, samples.photo((40 + 8 * seed, 40)))


def test_a_message_and_photos_are_added_and_an_awaited_photo_lets_the_clock_go_on(
    visitor: TestClient, shop: Shop, path: str, clock: FixedClock
) -> None:
    ask(shop, 1)
    assert "等您补一张照片" in visitor.get(path).text
    clock.forward(hours=5)
    due = row(shop, 1).reply_due_at
    assert send(visitor, path, text="等下拍").status_code == 303
    assert row(shop, 1).status == "waiting_photo"
    answer = send(visitor, path, ("b.jpg", samples.photo((80, 40))), text="这是整盒")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?done=1")
    assert row(shop, 1).status == "working"
    assert row(shop, 1).reply_due_at == due
    (turn,) = rows(shop, schema.case_turn, case_id=1)
    assert turn.solve_due_at == NOW + timedelta(hours=29)
    seen = words(visitor.get(f"{path}?done=1").text)
    assert "店里收到了" in seen
    assert "等下拍" in seen
    assert "您补了 1 张照片" in seen


def test_the_same_message_twice_is_one(visitor: TestClient, shop: Shop, path: str) -> None:
    key = key_of(visitor, path)
    for _again in range(2):
        assert send(visitor, path, key=key, text="再说一句").status_code == 303
    assert kinds(shop, 1).count("wrote") == 1


def test_nothing_too_much_and_unsound_is_refused_and_kept(
    visitor: TestClient, shop: Shop, path: str
) -> None:
    empty = send(visitor, path, text="  ")
    assert empty.status_code == 422
    assert "写点什么" in empty.text
    long = send(visitor, path, text="长" * 501)
    assert long.status_code == 422
    assert "长" * 501 in long.text
    unsound = send(visitor, path, ("x.jpg", b"no picture"), text="附照片")
    assert unsound.status_code == 200
    assert "不是照片" in unsound.text
    assert "附照片" in unsound.text
    nothing = send(visitor, path, ("x.jpg", b"no picture"))
    assert "不是照片" in nothing.text
    assert kinds(shop, 1) == ["reported", "wrote"]
    assert send(visitor, path, key="no key", text="x").status_code == 422
    assert left_over(shop) == []


def test_photos_of_a_resident_end_at_the_setting(
    visitor: TestClient, shop: Shop, path: str
) -> None:
    set_setting(shop, case_photos=2)
    assert "还能传 1 张" in visitor.get(path).text
    more = [(f"{n}.jpg", samples.photo((80 + n * 8, 40))) for n in range(3)]
    answer = send(visitor, path, *more, text="都在这")
    assert "多了 2 张" in answer.text
    assert len(rows(shop, schema.case_photo)) == 2
    page = visitor.get(path).text
    assert 'type="file"' not in page
    assert send(visitor, path, ("z.jpg", samples.photo((200, 40)))).status_code == 200
    assert len(rows(shop, schema.case_photo)) == 2


def test_messages_are_slowed_down(
    visitor: TestClient, shop: Shop, path: str, clock: FixedClock
) -> None:
    set_setting(shop, cases_per_hour=1)
    answers = [send(visitor, path, text=f"第{n}句").status_code for n in range(6)]
    assert answers[:4] == [303] * 4
    assert set(answers[4:]) <= {422, 429}
    assert kinds(shop, 1).count("wrote") == 4
    clock.forward(minutes=15)
    assert send(visitor, path, text="再来一句").status_code == 303


def test_content_closes_the_case(visitor: TestClient, shop: Shop, path: str) -> None:
    assert "现在满意了吗" not in visitor.get(path).text
    solve(shop, 1)
    assert "现在满意了吗" in visitor.get(path).text
    key = key_of(visitor, path)
    assert send(visitor, path, key=key, act="content").status_code == 303
    assert send(visitor, path, key=key, act="content").status_code == 303
    assert row(shop, 1).status == "closed"
    (asked,) = rows(shop, schema.case_follow_up)
    assert (asked.result, asked.by_resident, asked.person_id) == ("satisfied", True, None)
    seen = words(visitor.get(path).text)
    assert "这一单办完了" in seen
    assert "您说：满意" in seen


@pytest.mark.parametrize("ended", ["solved", "closed", "withdrawn"])
def test_not_content_opens_the_same_case_again(
    visitor: TestClient, shop: Shop, path: str, clock: FixedClock, ended: str
) -> None:
    if ended == "withdrawn":
        clock.forward(hours=2)
        cases.record_breaches(shop.acting(SYSTEM))
        cases.withdraw(shop, 1, version(shop, 1), "以为弄错了")
    else:
        solve(shop, 1)
    if ended == "closed":
        cases.follow_up(shop, 1, version(shop, 1), Result.SATISFIED)
    broken = breaches(shop, 1)
    silent = send(visitor, path, act="not_content", feedback="")
    assert silent.status_code == 422
    assert "还有什么不对" in silent.text
    clock.forward(hours=1)
    answer = send(visitor, path, act="not_content", feedback="补的也坏了")
    assert answer.status_code == 303
    case = row(shop, 1)
    assert (case.status, case.turn, case.closed_at) == ("working", 2, None)
    assert count_cases(shop) == 1
    assert breaches(shop, 1) == broken
    turn = rows(shop, schema.case_turn, case_id=1, turn=2)[0]
    assert turn.solve_due_at == clock.now() + timedelta(hours=24)
    seen = words(visitor.get(path).text)
    assert seen.count("补的也坏了") == 1
    assert "店里正在办" in seen


def test_a_message_on_an_ended_case_does_not_get_lost(
    visitor: TestClient, shop: Shop, path: str
) -> None:
    key = key_of(visitor, path)
    solve(shop, 1)
    cases.follow_up(shop, 1, version(shop, 1), Result.SATISFIED)
    page = visitor.get(path).text
    assert 'value="write"' not in page
    late = send(visitor, path, key=key, text="还有话说")
    assert late.status_code == 422
    assert "还有不对的地方" in late.text


def test_what_was_given_and_what_is_owed_is_shown_with_its_day(
    visitor: TestClient, shop: Shop, bought: Bought, path: str
) -> None:
    cases.match_case(shop, 1, version(shop, 1), bought.li, bought.line)
    owed = {"member_id": bought.li, "case_id": 1, "product_id": bought.eggs, "source": "case",
            "product_name": "土鸡蛋", "sale_unit": "板", "quantity": 1, "created_at": NOW,
            "due_at": NOW + timedelta(days=7)}  # fmt: skip
    put(shop, schema.owed_goods, **owed, planned_on=shop.today + timedelta(days=1))
    put(shop, schema.owed_goods, **owed, cancelled_at=NOW, cancel_reason="换成退款")
    put(shop, schema.case_remedy, case_id=1, turn=1, kind="refund", amount_fen=576, at=NOW)
    put(shop, schema.case_remedy, case_id=1, turn=1, kind="refund", amount_fen=9999, at=NOW,
        undone_at=NOW)  # fmt: skip
    seen = words(visitor.get(path).text)
    assert f"退款 ¥{Money(576).yuan}" in seen
    assert "99.99" not in seen
    assert "土鸡蛋 1板：明天（周六）可以来拿" in seen
    assert "换成退款" not in seen


def test_a_merged_cases_address_shows_the_kept_one(
    visitor: TestClient, shop: Shop, bought: Bought, path: str
) -> None:
    kept = opened(bought, said="同一盒鸡蛋")
    merge_cases(shop, kept, 1)
    seen = words(visitor.get(path).text)
    assert "A0002" in seen
    assert "同一盒鸡蛋" in seen
    assert "打开就有味道" in seen
    assert visitor.get(f"{path}/photo/1").status_code == 200
    assert send(visitor, path, text="还是这个").status_code == 303
    assert "wrote" in kinds(shop, kept)


def test_a_link_of_the_desk_opens_the_case_and_the_code_says_it(
    visitor: TestClient, shop: Shop, bought: Bought
) -> None:
    path = commands.new_link(shop, opened(bought))
    page = visitor.get(path)
    assert page.status_code == 200
    assert f"http://testserver{path}" in page.text
    set_setting(shop, public_address="https://shop.example.cn")
    assert f"https://shop.example.cn{path}" in visitor.get(path).text
    code = visitor.get(f"{path}/address.png")
    assert code.content.startswith(b"\x89PNG")
    assert visitor.get(f"/p/case/{UNKNOWN}/address.png").status_code == 404


def test_nothing_is_read_of_what_is_sent_to_no_case(
    visitor: TestClient, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def must_not(*_: object, **__: object) -> None:
        raise AssertionError("a body was read")

    monkeypatch.setattr(photo_forms, "read", must_not)
    answer = send(visitor, f"/p/case/{UNKNOWN}", ("a.jpg", b"x" * 100_000), key="a" * 32)
    assert answer.status_code == 404
    assert answer.headers["connection"] == "close"
    assert left_over(shop) == []


def test_another_sites_page_cannot_answer(visitor: TestClient, shop: Shop, path: str) -> None:
    solve(shop, 1)
    key = key_of(visitor, path)
    parts = [("key", (None, key)), ("act", (None, "content"))]
    for headers in ({"origin": "http://evil.example"}, {"origin": "null"}, {}):
        assert visitor.post(path, files=parts, headers=headers).status_code == 403
    assert row(shop, 1).status == "solved"


def test_the_picture_of_a_case_that_is_gone_from_the_disk_is_no_crash(
    visitor: TestClient, shop: Shop, path: str
) -> None:
    blob = rows(shop, schema.case_photo, case_id=1)[0].blob
    storage.path_of(shop.place, blob).unlink()
    assert visitor.get(f"{path}/photo/1").status_code == 404
    assert visitor.get(path).status_code == 200


def test_english_too(visitor: TestClient, shop: Shop, path: str) -> None:
    solve(shop, 1)
    page = visitor.get(f"{path}?lang=en").text
    for said in (
        "A solution is agreed",
        "Is all well now?",
        "What happened so far",
        "First answer",
    ):
        assert said in page
    assert f'action="{path}?lang=en"' in page


def test_the_journal_and_the_form_keys_name_no_token(
    visitor: TestClient, shop: Shop, path: str
) -> None:
    solve(shop, 1)
    send(visitor, path, text="谢谢")
    send(visitor, path, act="content")
    desk = commands.new_link(shop, 1)
    with shop.read() as connection:
        kept = str([
            tuple(one)
            for table in schema.metadata.sorted_tables
            for one in connection.execute(select(table))
        ])  # fmt: skip
        assert connection.execute(select(func.count()).select_from(schema.journal)).scalar_one() > 4
    for whole in (path, desk):
        assert whole.split("/")[-1] not in kept


def test_a_log_line_that_quotes_an_address_hides_its_token(path: str) -> None:
    assert masked(f"GET {path}/photo/1 failed") == "GET /p/case/***/photo/1 failed"
