"""Every command of wishes, on books in which each can be done."""

from datetime import date, timedelta

from lib.db import schema
from lib.kernel.money import Money
from lib.shop.shop import RESIDENT, Shop
from lib.trade.products.rules import Details
from lib.trade.rounds.commands import Plan
from lib.trade.rounds.rules import Times
from lib.trust.demands import commands
from lib.trust.demands.chat.commands import take_chat
from lib.trust.demands.chat.rules import Pick
from lib.trust.demands.launch import commands as launch
from lib.trust.demands.launch.commands import NewProduct, Place
from lib.trust.demands.merging import commands as merging
from lib.trust.demands.notes import commands as notes
from lib.trust.demands.notes.rules import Written
from lib.trust.demands.rules import Status
from lib.trust.demands.sources import commands as sources
from lib.trust.demands.sources.rules import Answer, SourceDetails
from tests.conftest import NOW
from tests.once import Act, Stage, Topic
from tests.service.cast import add_member, add_product, put
from tests.shop.files import samples
from tests.supply.cast import add_supplier
from tests.trust.demands.cast import add_wish, row, wish, wishes

NEW = Details("现磨芝麻酱", "瓶", Money(1880), purchase_price=Money(1450))
PLACE = Place(plan=Plan("", Times(NOW, NOW + timedelta(hours=9), date(2026, 9, 26))))
PHOTO = samples.photo((40, 30))
PICKS = [Pick("a", "山药", "小李", "想要山药"), Pick("b", "山药", "王姐", "+1")]


def set_the_stage(shop: Shop) -> Stage:
    """Wishes that stand, one on offer of which one was told, two alike, two merged, two notes."""
    add_member(shop, "张阿姨")
    known = {"mill": add_supplier(shop, "磨坊"), "goods": add_product(shop, "草莓")}
    known["sesame"] = add_wish(shop, "现磨芝麻酱", "张阿姨", "李姐")
    known["asked"] = wishes(shop, known["sesame"])[0].id
    known["source"] = sources.add_source(shop, known["sesame"], SourceDetails("老王"))
    known["offered"] = add_wish(shop, "草莓", "王叔", "小吴")
    launch.offer_product(shop, known["offered"], 1, known["goods"], Place())
    told, known["untold"] = (each.id for each in wishes(shop, known["offered"]))
    launch.tell(shop, known["offered"], [told], "@王叔 草莓来了")
    known["one"] = add_wish(shop, "白草莓", "小李", "王姐")
    known["two"] = add_wish(shop, "奶油草莓", "王姐", "老周")
    three, four = add_wish(shop, "黑木耳"), add_wish(shop, "木耳")
    known["three"] = three
    known["merged"] = merging.merge_demands(
        shop, three, row(shop, three).version, four, row(shop, four).version
    )
    merging.keep_apart(shop, known["one"], three)
    notes.leave_note(shop.acting(RESIDENT), f"{1:032x}", Written("想要米", "小李"), "local")
    note = {"text": "想要面", "name": "", "at": NOW}
    decided = {"status": "put_aside", "decided_at": NOW}
    known["waiting"] = put(shop, schema.wish_note, key="w", status="waiting", **note)
    known["aside"] = put(shop, schema.wish_note, key="a", **note, **decided)
    return Stage(known)


ACTS: dict[str, Act] = {
    "add_demand": lambda shop, it: commands.add_demand(shop, "羊奶", [wish("李姐"), wish("")]),
    "add_wishes": lambda shop, it: commands.add_wishes(shop, it.sesame, [wish("王叔", 90)]),
    "change_demand": lambda shop, it: commands.change_demand(shop, it.sesame, 1, "芝麻酱", "瓶装"),
    "move_demand": lambda shop, it: commands.move_demand(shop, it.sesame, 1, Status.CHECKING),
    "remove_wish": lambda shop, it: commands.remove_wish(shop, it.asked),
    "sources.add_source": lambda shop, it: sources.add_source(
        shop, it.sesame, SourceDetails("老李")
    ),
    "sources.change_source": lambda shop, it: sources.change_source(
        shop, it.source, 1, SourceDetails("老王", answer=Answer.CAN, cost=Money(1450))
    ),
    "sources.remove_source": lambda shop, it: sources.remove_source(shop, it.source),
    "launch.launch_product": lambda shop, it: launch.launch_product(
        shop, it.sesame, 1, NewProduct(NEW, it.mill), PLACE, PHOTO, "a.jpg"
    ),
    "launch.offer_product": lambda shop, it: launch.offer_product(
        shop, it.sesame, 1, it.goods, PLACE
    ),
    "launch.tell": lambda shop, it: launch.tell(shop, it.offered, [it.untold], "@小吴 草莓来了"),
    "launch.take_back_tell": lambda shop, it: launch.take_back_tell(shop, it.offered, NOW),
    "chat.take_chat": lambda shop, it: take_chat(shop, PICKS, ["c"]),
    "merging.merge_demands": lambda shop, it: merging.merge_demands(shop, it.one, 1, it.two, 1),
    "merging.undo_merge": lambda shop, it: merging.undo_merge(shop, it.merged),
    "merging.keep_apart": lambda shop, it: merging.keep_apart(shop, it.one, it.two),
    "merging.suggest_again": lambda shop, it: merging.suggest_again(shop, it.one, it.three),
    "notes.take_note": lambda shop, it: notes.take_note(shop, it.waiting, "米"),
    "notes.put_note_aside": lambda shop, it: notes.put_note_aside(shop, it.waiting),
    "notes.take_note_back": lambda shop, it: notes.take_note_back(shop, it.aside),
}

DEMANDS = Topic(
    "lib.trust.demands",
    set_the_stage,
    ACTS,
    heavy=(
        "add_demand",
        "add_wishes",
        "launch.launch_product",
        "launch.offer_product",
        "launch.tell",
        *(name for name in ACTS if name.startswith(("chat.", "merging.", "notes."))),
    ),
    both=("launch.offer_product", "chat.take_chat", "merging.undo_merge"),
    owner_only=frozenset({"launch.launch_product"}),
    otherwise={
        "notes.leave_note": "tests/trust/demands/notes/test_notes.py"
        "::test_the_same_form_twice_is_one_note"
    },
)
