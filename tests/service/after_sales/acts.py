"""Every command of cases, on books in which each can be done."""

from lib.db import schema
from lib.kernel.money import Money
from lib.service.after_sales import commands
from lib.service.after_sales.links import commands as links
from lib.service.after_sales.merging import commands as merging
from lib.service.after_sales.photos import commands as photos
from lib.service.after_sales.remedies import commands as remedies
from lib.service.after_sales.remedies.rules import Kind, Remedy, Solution
from lib.service.after_sales.rules import Cause, CountedIn, Defect, Result, Status
from lib.shop.files import photos as files
from lib.shop.shop import Shop
from lib.trade.payments.commands import pay_order
from tests.once import Act, Stage, Topic
from tests.service.after_sales import cast
from tests.service.after_sales.cast import buy, new, opened
from tests.shop.files import samples

BOTH = Solution((Remedy(Kind.REFUND, 1, Money(2500)), Remedy(Kind.ONE_MORE, 1)), text="退一补一")
"""More than was paid too little: some of it is taken off the price, some paid back."""


def set_the_stage(shop: Shop) -> Stage:
    """A new case, one that waits for its photo, two solved, one withdrawn, doubles, two joined.

    When the acts are done, an hour later, the first replies that nobody gave have run out.
    """
    bought = buy(shop)
    known = {"line": bought.line, "li": bought.li, "batch": bought.batch}
    known["new"], known["waits"], known["solved"], known["gone"] = (
        opened(bought, minutes_ago=30) for _ in range(4)
    )
    photo = files.put(shop.place, samples.photo())
    known["photo"] = photos.add_photo(shop, known["new"], photo)
    known["more"] = files.put(shop.place, samples.photo((200, 100)))
    cast.ask(shop, known["waits"])
    cast.solve(shop, known["solved"])
    commands.withdraw(shop, known["gone"], cast.version(shop, known["gone"]), "看错了")
    known["unknown"] = commands.open_case(shop, new(said="鸡蛋坏了"))
    known["one"], known["two"], keep, drop = (opened(bought, ago) for ago in (1, 2, 3, 4))
    cast.ask(shop, known["two"])
    known["merged"] = merging.merge_cases(shop, keep, drop)
    settled = opened(bought, 5)
    remedies.solve(shop, settled, 1, BOTH)
    known["off"] = cast.rows(shop, schema.case_remedy, case_id=settled)[0].id
    pay_order(shop, bought.order, amount=Money(2000))
    links.new_link(shop, known["new"])
    known["link"] = cast.rows(shop, schema.case_link)[0].id
    return Stage(known)


ACTS: dict[str, Act] = {
    "open_case": lambda shop, it: commands.open_case(
        shop, new(it.line, minutes_ago=130, photos=(it.more,))
    ),
    "reply": lambda shop, it: commands.reply(shop, it.new, 1, "收到，抱歉", Status.WAITING_PHOTO),
    "ask_photo": lambda shop, it: commands.ask_photo(shop, it.new, 1, "请拍照"),
    "resume": lambda shop, it: commands.resume(shop, it.waits, 2),
    "match_case": lambda shop, it: commands.match_case(shop, it.unknown, 1, it.li, it.line),
    "change_case": lambda shop, it: commands.change_case(
        shop, it.new, 1, Defect.DAMAGED, 2, None, CountedIn.PIECES, "碎了", it.batch, None
    ),
    "add_note": lambda shop, it: commands.add_note(shop, it.new, "老顾客"),
    "set_cause": lambda shop, it: commands.set_cause(shop, it.new, 1, Cause.PACKING, "没垫"),
    "follow_up": lambda shop, it: commands.follow_up(
        shop, it.solved, 2, Result.NOT_SATISFIED, "还坏"
    ),
    "reopen": lambda shop, it: commands.reopen(shop, it.gone, 2, "没看错"),
    "withdraw": lambda shop, it: commands.withdraw(shop, it.waits, 2, "不用了"),
    "remedies.solve": lambda shop, it: remedies.solve(shop, it.new, 1, BOTH),
    "remedies.undo_remedy": lambda shop, it: remedies.undo_remedy(shop, it.off),
    "photos.add_photo": lambda shop, it: photos.add_photo(shop, it.waits, it.more),
    "photos.remove_photo": lambda shop, it: photos.remove_photo(shop, it.photo),
    "links.new_link": lambda shop, it: links.new_link(shop, it.new),
    "links.revoke_link": lambda shop, it: links.revoke_link(shop, it.link),
    "merging.merge_cases": lambda shop, it: merging.merge_cases(shop, it.one, it.two),
    "merging.undo_merge": lambda shop, it: merging.undo_merge(shop, it.merged),
}

CASES = Topic(
    "lib.service.after_sales",
    set_the_stage,
    ACTS,
    heavy=(
        "open_case",
        "reply",
        "follow_up",
        "reopen",
        "withdraw",
        "remedies.solve",
        "remedies.undo_remedy",
        "photos.add_photo",
        "merging.merge_cases",
        "merging.undo_merge",
    ),
    both=("open_case", "remedies.solve", "merging.undo_merge"),
    otherwise={
        "links.report_case": "tests/service/after_sales/links/test_commands.py"
        "::test_the_same_form_twice_is_one_case_and_one_address",
        "links.write_as_resident": "tests/service/after_sales/links/test_commands.py"
        "::test_a_message_twice_is_one",
        "links.answer_as_resident": "tests/service/after_sales/links/test_commands.py"
        "::test_an_answer_twice_is_one",
        "breaches.record_breaches": "tests/service/after_sales/test_breaches.py"
        "::test_two_processes_that_look_at_once_write_each_promise_once",
    },
)
