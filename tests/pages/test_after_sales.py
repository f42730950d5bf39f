"""The screens of after-sales: the board, taking a case in, one case from reply to content."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update
from streamlit.testing.v1 import AppTest

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.service.after_sales import commands
from lib.service.after_sales.remedies.rules import Kind
from lib.service.after_sales.rules import CountedIn, Defect, EntryKind, Result, Source
from lib.shop.files import photos
from lib.shop.shop import Shop
from tests.conftest import NOW
from tests.pages.conftest import Open, text_of
from tests.pages.test_markup import PICTURE, TAG, markup
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, kinds, new, row, rows, version

CASES = schema.after_sales_case


@pytest.fixture
def bought(shop: Shop) -> Bought:
    return cast.buy(shop)


def opened(bought: Bought, minutes_ago: float = 0, **values: Any) -> int:
    """Open a case about the eggs of 小李, or about what ``values`` say."""
    said_at = bought.shop.clock.now() - timedelta(minutes=minutes_ago)
    about = {"line_id": bought.line, "reported_at": said_at, **values}
    return commands.open_case(bought.shop, new(about.pop("line_id"), **about))


def widget(at: AppTest, kind: str, form: str, name: str) -> Any:
    return next(item for item in at.get(kind) if (item.key or "").startswith(f"{form}:{name}"))


def press(at: AppTest, form: str, name: str = "save") -> None:
    widget(at, "button", form, name).click()
    at.run()
    assert not at.exception, at.exception


def touch(at: AppTest, key: str) -> None:
    at.button(key=key).click().run()
    assert not at.exception, at.exception


def at_case(screen: Open, shop: Shop, case_id: int, language: str = "en") -> AppTest:
    at = screen(shop, "after_sales", language)
    at.query_params["case"] = str(case_id)
    at.run()
    assert not at.exception, at.exception
    return at


def at_new(screen: Open, shop: Shop, about: str, language: str = "en") -> AppTest:
    at = screen(shop, "after_sales", language)
    at.query_params["new"] = about
    at.run()
    assert not at.exception, at.exception
    return at


def said(at: AppTest) -> str:
    """Everything readable, buttons and pills included."""
    labels = [str(each.label) for each in (*at.button, *at.get("page_link"))]
    return "\n".join((text_of(at), *labels)).replace("\\", "")


def test_an_empty_board_is_good_news(screen: Open, shop: Shop, staff_shop: Shop) -> None:
    assert "everybody is content" in said(screen(staff_shop, "after_sales"))
    assert "大家都满意" in said(screen(shop, "after_sales", "zh_CN"))


def test_the_board_says_what_is_late_soon_and_paused(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    opened(bought, 70)
    opened(bought, 50, line_id=bought.others)
    waits = opened(bought, 10, line_id=bought.by_weight, bad=None, counted_in=None)
    cast.ask(bought.shop, waits)
    shown = said(screen(staff_shop, "after_sales"))
    assert "Reply 10 min late" in shown
    assert "Reply: 10 min left" in shown
    assert "Paused: 23 h left" in shown
    assert "Promises late: 1" in shown
    assert "Waiting for a photo: 1" in shown
    assert "小李 · 3-201" in shown
    assert "3 of 60 pcs" in shown
    chinese = said(screen(staff_shop, "after_sales", "zh_CN"))
    assert "回复已超 10 分钟" in chinese
    assert "暂停，还剩 23 小时" in chinese
    assert "60个里的 3个" in chinese


def test_the_first_reply_takes_one_touch_and_is_recorded_with_its_text(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = screen(staff_shop, "after_sales")
    touch(at, f"first-reply-{case_id}-1")
    kept = row(bought.shop, case_id)
    assert (kept.first_reply_at, kept.status) == (NOW, "working")
    (entry,) = rows(bought.shop, schema.case_entry, case_id=case_id, kind="reply")
    assert entry.text.startswith("@小李 收到")
    assert "A0001" in entry.text
    assert "paste it into the chat" in said(at)


def test_who_replies_second_is_told(
    screen: Open, shop: Shop, staff_shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = screen(shop, "after_sales")
    cast.reply(staff_shop, case_id)
    at.session_state["after-sales-reply"] = (case_id, 1, "收到")
    at.run()
    assert "小吴 answered this case at 10:30" in said(at)
    assert kinds(shop, case_id).count("reply") == 1


def test_a_case_from_the_pickup_desk_in_five_touches(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    """The link of the order, the row, what is wrong, how many, save."""
    at = at_new(screen, staff_shop, str(bought.order))
    assert "土鸡蛋 2板" in said(at)
    touch(at, f"case-line-{bought.line}")
    form = f"case-new-{bought.line}"
    widget(at, "button_group", form, "defect").set_value(Defect.ROTTEN)
    at.run()
    widget(at, "button_group", form, "bad").set_value(3)
    at.run()
    press(at, form)
    (kept,) = rows(bought.shop, CASES)
    assert (kept.member_id, kept.line_id, kept.defect) == (bought.li, bought.line, "rotten")
    assert (kept.bad, kept.of_total, kept.counted_in) == (3, 60, "pieces")
    assert (kept.source, kept.reported_at, kept.batch_id) == ("counter", NOW, bought.batch)
    assert "A0001 · 土鸡蛋" in said(at)


def test_a_resident_is_found_as_at_the_desk_with_what_they_bought(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    at = at_new(screen, staff_shop, "", "zh_CN")
    assert "是哪位居民" in said(at)
    for typed in ("0831", "小李", "3-201"):
        widget(at, "text_input", "case_search", "text").set_value(typed)
        at.run()
        assert "番茄 3斤" in said(at), typed
    assert "1380000" not in said(at)
    assert "尾号0831" in said(at).replace(" ", "").replace("…", "")
    widget(at, "text_input", "case_search", "text").set_value("没有这人")
    at.run()
    assert "没有找到" in said(at) or "没找到" in said(at)


def test_weight_is_counted_in_grams_and_another_number_is_typed(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    at = at_new(screen, shop, f"line-{bought.by_weight}")
    form = f"case-new-{bought.by_weight}"
    widget(at, "button_group", form, "defect").set_value(Defect.ROTTEN)
    at.run()
    widget(at, "button_group", form, "bad").set_value(0)
    at.run()
    widget(at, "number_input", form, "number").set_value(320)
    at.run()
    press(at, form)
    (kept,) = rows(bought.shop, CASES)
    assert (kept.bad, kept.of_total, kept.counted_in) == (320, 1500, "grams")


def test_nothing_chosen_is_refused_and_keeps_what_was_typed(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    at = at_new(screen, shop, f"line-{bought.line}", "zh_CN")
    form = f"case-new-{bought.line}"
    widget(at, "text_area", form, "said").set_value("臭的")
    press(at, form)
    assert "点一下哪里不好" in said(at)
    assert widget(at, "text_area", form, "said").value == "臭的"
    assert rows(bought.shop, CASES) == []


def test_what_was_written_an_hour_ago_runs_from_then(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    at = at_new(screen, shop, f"line-{bought.line}")
    form = f"case-new-{bought.line}"
    widget(at, "button_group", form, "defect").set_value(Defect.DAMAGED)
    widget(at, "button_group", form, "source").set_value(Source.CHAT)
    widget(at, "button_group", form, "ago").set_value("60")
    at.run()
    press(at, form)
    (kept,) = rows(bought.shop, CASES)
    assert (kept.source, kept.reported_at) == ("chat", NOW - timedelta(hours=1))


def test_photos_come_with_the_case_and_a_bad_file_keeps_nobody_from_saving(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    at = at_new(screen, shop, f"line-{bought.line}")
    form = f"case-new-{bought.line}"
    widget(at, "button_group", form, "defect").set_value(Defect.ROTTEN)
    widget(at, "file_uploader", form, "photos").set_value(
        [("a.jpg", cast.photo(1), "image/jpeg"), ("b.jpg", b"MZ\x90\x00", "image/jpeg")]
    )
    at.run()
    assert "is not a photo" in said(at)
    press(at, form)
    (case_id,) = [each.id for each in rows(shop, CASES)]
    assert len(rows(shop, schema.case_photo, case_id=case_id)) == 1


def test_a_double_is_pointed_out_before_another_is_made(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 30)
    at = at_new(screen, staff_shop, f"line-{bought.line}")
    assert "A0001** may be the same: 土鸡蛋 3 of 60 pcs, New case" in said(at)
    touch(at, f"case-double-open-{case_id}")
    assert "A0001 · 土鸡蛋" in said(at)
    assert at.query_params["case"] == str(case_id)


def test_our_service_and_somebody_unknown_can_complain_too(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    at = at_new(screen, shop, "nobody")
    form = "case-new-nobody"
    widget(at, "text_input", form, "who").set_value("路过的大爷")
    widget(at, "text_area", form, "said").set_value("排队太久")
    widget(at, "button_group", form, "defect").set_value(Defect.SERVICE)
    at.run()
    press(at, form)
    (kept,) = rows(shop, CASES)
    assert (kept.defect, kept.reporter_name, kept.member_id) == ("service", "路过的大爷", None)
    assert "not matched yet: 1" in said(screen(shop, "after_sales"))


def test_a_report_is_matched_in_two_touches(screen: Open, staff_shop: Shop, bought: Bought) -> None:
    case_id = opened(
        bought, 5, line_id=None, source=Source.PAGE, reporter_name="小李", reporter_home="3-201",
        product_name="鸡蛋", bad=3, of_total=60, counted_in=CountedIn.PIECES,
    )  # fmt: skip
    at = screen(staff_shop, "after_sales", "zh_CN")
    assert "居民自己报的，还没对上人：1" in said(at)
    touch(at, f"open-{case_id}")
    press(at, f"case-match-{case_id}", f"line-{bought.line}")
    kept = row(bought.shop, case_id)
    assert (kept.member_id, kept.line_id, kept.batch_id) == (bought.li, bought.line, bought.batch)
    assert "已对上：A0001" in said(at)


def test_a_photo_is_asked_for_awaited_and_comes(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, staff_shop, case_id)
    press(at, f"case-photo-please-{case_id}")
    assert row(bought.shop, case_id).status == "waiting_photo"
    assert "the solution clock stands still" in said(at)
    assert "Paused for the photo: 23 h 40 min left" in said(at)
    box = at.session_state
    box[f"case-photo-add-{case_id}"] = True
    at.run()
    widget(at, "file_uploader", f"case-photos-{case_id}", "photos").set_value(
        [("a.jpg", cast.photo(2), "image/jpeg")]
    )
    at.run()
    press(at, f"case-photos-{case_id}")
    assert row(bought.shop, case_id).status == "working"
    assert len(rows(bought.shop, schema.case_photo, case_id=case_id)) == 1


def test_a_picture_used_before_is_pointed_out(screen: Open, shop: Shop, bought: Bought) -> None:
    first = photos.put(shop.place, cast.photo(3))
    again = photos.put(shop.place, cast.photo(3, quality=60, size=(320, 240)))
    opened(bought, 30, photos=(first,))
    other = opened(bought, 20, line_id=bought.others, photos=(again,))
    assert "was already in A0001" in said(at_case(screen, shop, other))
    assert "这张在 A0001 里出现过" in said(at_case(screen, shop, other, "zh_CN"))


def test_several_cases_on_one_batch_are_pointed_out(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    opened(bought, 30)
    other = opened(bought, 20, line_id=bought.others)
    for at in (screen(staff_shop, "after_sales"), at_case(screen, staff_shop, other)):
        shown = said(at)
        assert "2 cases on batch" in shown
        assert "Call this batch back" in shown


def test_two_browsers_on_one_case_the_second_is_told_and_keeps_its_words(
    screen: Open, shop: Shop, staff_shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, shop, case_id)
    form = f"case-reply-{case_id}-1-first"
    widget(at, "text_area", form, "text").set_value("马上给您换")
    at.run()
    cast.ask(staff_shop, case_id)
    press(at, f"case-change-{case_id}")
    assert "小吴 asked for a photo at 10:30" in said(at)
    at2 = at_case(screen, shop, case_id)
    commands.add_note(staff_shop, case_id, "先看看冰箱")
    cast.reply(staff_shop, case_id)
    at2.run()
    assert "小吴 was here today 10:30: Reply given" in said(at2)
    touch(at2, "case-look-again")
    assert "小吴 was here" not in said(at2)


def test_a_solved_case_is_asked_about_and_not_content_opens_it_again(
    screen: Open, shop: Shop, clock: FixedClock, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    cast.solve(shop, case_id)
    clock.moment += timedelta(days=1)
    assert "To be asked whether all is well: 1" in said(screen(shop, "after_sales"))
    at = at_case(screen, shop, case_id)
    form = f"case-follow-up-{case_id}-1"
    widget(at, "text_input", form, "said").set_value("还有两个坏的")
    press(at, form, Result.NOT_SATISFIED.value)
    kept = row(shop, case_id)
    assert (kept.status, kept.turn) == ("working", 2)
    assert "opened 2 times" in said(at)
    assert "还有两个坏的" in said(at)
    cast.solve(shop, case_id)
    at = at_case(screen, shop, case_id, "zh_CN")
    press(at, f"case-follow-up-{case_id}-2", Result.SATISFIED.value)
    assert row(shop, case_id).status == "closed"


def test_withdrawn_and_opened_again_with_a_reason(screen: Open, shop: Shop, bought: Bought) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, shop, case_id)
    press(at, f"case-withdraw-{case_id}")
    assert "Write why it is withdrawn" in said(at)
    widget(at, "text_input", f"case-withdraw-{case_id}", "why").set_value("看错了")
    press(at, f"case-withdraw-{case_id}")
    assert row(shop, case_id).status == "withdrawn"
    widget(at, "text_input", f"case-again-{case_id}", "why").set_value("真的坏了")
    press(at, f"case-again-{case_id}")
    assert (row(shop, case_id).status, row(shop, case_id).turn) == ("working", 2)


def test_doubles_are_joined_and_taken_apart(screen: Open, shop: Shop, bought: Bought) -> None:
    first, second = opened(bought, 40), opened(bought, 20)
    at = at_case(screen, shop, first)
    widget(at, "radio", f"case-merge-{first}", "which").set_value(second)
    press(at, f"case-merge-{first}")
    assert row(shop, second).status == "merged"
    assert "A0002 is part of this case" in said(at)
    (merge,) = rows(shop, schema.case_merge)
    press(at, f"case-unmerge-{merge.id}")
    assert row(shop, second).status == "new"


def test_a_case_is_corrected_its_cause_said_and_a_note_kept(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, staff_shop, case_id, "zh_CN")
    widget(at, "button_group", f"case-change-{case_id}", "bad").set_value(5)
    press(at, f"case-change-{case_id}")
    assert row(bought.shop, case_id).bad == 5
    widget(at, "button_group", f"case-cause-{case_id}", "cause").set_value("storage")
    press(at, f"case-cause-{case_id}")
    assert row(bought.shop, case_id).cause == "storage"
    widget(at, "text_area", f"case-note-{case_id}", "text").set_value("冰箱门没关好")
    press(at, f"case-note-{case_id}")
    assert "冰箱门没关好" in said(at)
    assert kinds(bought.shop, case_id) == ["reported", "changed", "cause", "note"]


def test_any_case_is_found_again(screen: Open, shop: Shop, bought: Bought) -> None:
    case_id = opened(bought, 20)
    commands.withdraw(shop, case_id, version(shop, case_id), "看错了")
    at = screen(shop, "after_sales")
    at.query_params["view"] = "find"
    at.run()
    (table,) = at.dataframe
    assert list(table.value["Case no."]) == ["A0001"]
    at.text_input(key="case-find").set_value("西瓜").run()
    assert "No case is found" in said(at)


def test_a_case_that_is_not_there_says_so(screen: Open, shop: Shop) -> None:
    assert "This case does not exist" in said(at_case(screen, shop, 99))
    at = at_new(screen, shop, "line-99")
    assert "Who is it?" in said(at)


def test_the_links_something_wrong_lead_here(screen: Open, shop: Shop, bought: Bought) -> None:
    at = screen(shop, "orders")
    at.query_params["order"] = str(bought.order)
    at.run()
    assert "Something wrong" in said(at)
    at = screen(shop, "pickup", "zh_CN")
    at.query_params["order"] = str(bought.order)
    at.run()
    assert "东西有问题" in said(at)


def test_a_case_saved_twice_is_one(screen: Open, shop: Shop, bought: Bought) -> None:
    """The second press of the same form leads to the case that the first one made."""
    at = at_new(screen, shop, f"line-{bought.line}")
    form = f"case-new-{bought.line}"
    key = at.session_state[f"form:{form}"]
    widget(at, "button_group", form, "defect").set_value(Defect.ROTTEN)
    at.run()
    press(at, form)
    at.query_params["new"] = f"line-{bought.line}"
    del at.query_params["case"]
    at.session_state[f"form:{form}"] = key
    at.run()
    widget(at, "button_group", form, "defect").set_value(Defect.ROTTEN)
    at.run()
    press(at, form)
    assert len(rows(shop, CASES)) == 1
    assert at.query_params["case"] == "1"


def test_a_private_address_is_made_shown_once_and_revoked(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, staff_shop, case_id)
    press(at, f"case-link-new-{case_id}")
    assert any("/p/case/" in code.value for code in at.code)
    again = at_case(screen, staff_shop, case_id, "zh_CN")
    assert not any("/p/case/" in code.value for code in again.code)
    (link,) = rows(bought.shop, schema.case_link)
    press(again, f"case-link-{link.id}", "revoke")
    assert "已作废" in said(again)
    assert rows(bought.shop, schema.case_link)[0].revoked_at == NOW


def test_what_a_resident_wrote_since_stands_on_the_card(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    cast.reply(shop, case_id)
    assert "wrote again" not in badges(screen(shop, "after_sales"))
    with shop.write("case.note") as tx:
        commands.add_entry(
            tx, case_id, EntryKind.WROTE, "还没好", for_resident=True, by_resident=True
        )
        tx.note(f"after_sales_case:{case_id}", after={})
    assert "wrote again" in badges(screen(shop, "after_sales"))


def badges(at: AppTest) -> str:
    return "\n".join(str(each.value) for each in at.get("markdown"))


def test_the_pledge_is_said_with_amounts_before_a_case_is_saved(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    at = at_new(screen, staff_shop, f"line-{bought.line}")
    form = f"case-new-{bought.line}"
    widget(at, "button_group", form, "defect").set_value(Defect.ROTTEN)
    at.run()
    assert "¥57.60 back and 2板 more with the next order" in said(at)
    widget(at, "button_group", form, "bad").set_value(3)
    at.run()
    assert "¥2.88 back or 1板 more with the next order" in said(at)
    assert rows(bought.shop, CASES) == []
    chinese = at_new(screen, staff_shop, f"line-{bought.line}", "zh_CN")
    widget(chinese, "button_group", form, "defect").set_value(Defect.SERVICE)
    chinese.run()
    assert "没有固定承诺" in said(chinese)


def test_a_chosen_option_is_agreed_in_two_touches(
    screen: Open, staff_shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, staff_shop, case_id, "zh_CN")
    form = f"case-solve-{case_id}-1"
    press(at, form, "option-0")
    assert "说好了：退¥2.88" in said(at)
    press(at, form)
    kept = row(bought.shop, case_id)
    assert (kept.status, kept.first_reply_at) == ("solved", NOW)
    (remedy,) = rows(bought.shop, schema.case_remedy)
    assert (remedy.kind, remedy.amount_fen) == ("refund", 288)
    (entry,) = rows(bought.shop, schema.case_entry, case_id=case_id, kind="solved")
    assert "退2.88元" in entry.text
    assert "退¥2.88" in said(at)


def test_a_single_option_is_chosen_already_and_can_be_bettered(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    """All of a tray rotten: money back and one more, here two more."""
    case_id = opened(bought, 20, line_id=bought.others, bad=30)
    at = at_case(screen, shop, case_id)
    form = f"case-solve-{case_id}-1"
    assert widget(at, "number_input", form, "amount").value == 28.8
    widget(at, "number_input", form, "count").set_value(2.0)
    at.run()
    press(at, form)
    assert [(each.kind, each.quantity) for each in rows(shop, schema.case_remedy)][1] == (
        "one_more",
        2,
    )
    (owed,) = rows(shop, schema.owed_goods)
    assert (owed.case_id, owed.quantity, owed.member_id) == (case_id, 2, bought.wang)
    assert "2板 owed until" in said(at)


def test_less_than_the_pledge_is_refused_until_the_resident_wished_so(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, shop, case_id)
    form = f"case-solve-{case_id}-1"
    press(at, form, "option-0")
    widget(at, "number_input", form, "amount").set_value(1.0)
    at.run()
    press(at, form)
    assert "less than what the shop promises" in said(at)
    assert widget(at, "number_input", form, "amount").value == 1.0
    assert row(shop, case_id).status == "new"
    widget(at, "text_input", form, "below").set_value("一块钱就行，别客气")
    at.run()
    press(at, form)
    (remedy,) = rows(shop, schema.case_remedy)
    assert (remedy.amount_fen, remedy.below_pledge) == (100, "一块钱就行，别客气")
    assert "wished less: 一块钱就行，别客气" in said(at)


def test_something_else_can_be_agreed_and_more_given_besides(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, shop, case_id)
    form = f"case-solve-{case_id}-1"
    press(at, form, "option-own")
    press(at, form)
    assert "Choose what is done about it" in said(at)
    press(at, form, "option-1")
    widget(at, "button_group", form, "more-1").set_value([Kind.REFUND])
    at.run()
    press(at, form)
    kinds_done = [(each.kind, each.amount_fen) for each in rows(shop, schema.case_remedy)]
    assert kinds_done == [("one_more", 0), ("refund", 288)]


def test_a_solution_is_taken_back_and_the_case_is_open_again(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, shop, case_id)
    press(at, f"case-solve-{case_id}-1", "option-0")
    press(at, f"case-solve-{case_id}-1")
    (remedy,) = rows(shop, schema.case_remedy)
    press(at, f"case-undo-{remedy.id}")
    assert row(shop, case_id).status == "working"
    assert rows(shop, schema.case_remedy)[0].undone_at == NOW
    press(at, f"case-solve-{case_id}-1", "option-1")
    assert "Undone" in said(at)


def test_of_two_who_solve_the_second_is_told_and_pays_nothing(
    screen: Open, shop: Shop, staff_shop: Shop, bought: Bought
) -> None:
    case_id = opened(bought, 20)
    at = at_case(screen, shop, case_id)
    form = f"case-solve-{case_id}-1"
    press(at, form, "option-0")
    cast.reply(staff_shop, case_id)
    press(at, form)
    assert "小吴 answered this case at 10:30" in said(at)
    assert rows(shop, schema.case_remedy) == []
    assert rows(shop, schema.payment, kind="refund") == []
    press(at, form)
    assert len(rows(shop, schema.case_remedy)) == 1


def test_what_is_typed_about_a_case_is_never_drawn(
    screen: Open, shop: Shop, bought: Bought
) -> None:
    evil = f"坏 {PICTURE}{TAG}"
    with shop.store.write() as connection:
        connection.execute(update(schema.member).values(nickname=evil))
        connection.execute(update(schema.order_line).values(product_name=evil))
    case_id = opened(bought, 20, said=evil)
    opened(bought, 10, said=evil)
    opened(bought, 5, line_id=None, product_name=evil, reporter_name=evil, reporter_home=evil)
    commands.add_note(shop, case_id, evil)
    cast.reply(shop, case_id, evil)
    seen = 0
    for asked in ({}, {"case": "1"}, {"case": "3"}, {"new": "member-1"}, {"new": "line-1"}):
        at = screen(shop, "after_sales")
        for name, value in asked.items():
            at.query_params[name] = value
        at.run()
        assert not at.exception, at.exception
        drawn, shown = markup(at)
        assert not drawn, (asked, drawn)
        seen += shown
    assert seen > 15, "what was typed is there, escaped"
