"""Pickup, delivery by need, packaging and after-sales (mission, part C)."""

from dataclasses import dataclass
from datetime import time

from lib.kernel.words import N_
from lib.shop.settings.described import AFTER_SALES, PACKAGING, PICKUP, Kind, Slot, setting

DEFAULT_SERVICE_HOURS = (Slot("open", N_("Opening hours"), time(7), time(21)),)


@dataclass(frozen=True)
class ServiceSettings:
    """Settings of service."""

    slot_capacity: int = setting(
        40,
        Kind.WHOLE,
        PICKUP,
        N_("Orders one slot can take"),
        N_("A fuller slot is marked, and moving one more order into it asks first. 0: no limit."),
        unit=N_("orders"),
        least=0,
        most=1000,
        practice="R21",
    )
    reminder_minutes: int = setting(
        60,
        Kind.WHOLE,
        PICKUP,
        N_("Remind before a slot begins"),
        N_("So long before a slot the list of who is still to come is ready."),
        unit=N_("minutes"),
        least=5,
        most=600,
        practice="R22",
    )
    reminder_by_robot: bool = setting(
        True,
        Kind.YES_NO,
        PICKUP,
        N_("Robots send the reminder"),
        N_("Where a robot is set up, the reminder goes to the group by itself, once."),
        practice="R22",
    )
    second_notice_minutes: int = setting(
        30,
        Kind.WHOLE,
        PICKUP,
        N_("Second notice after a slot ended"),
        N_("So long after its end the list of what was not collected is ready."),
        unit=N_("minutes"),
        least=0,
        most=600,
        practice="R22",
    )
    keep_fresh_days: int = setting(
        1,
        Kind.WHOLE,
        PICKUP,
        N_("Fresh goods are kept after their day"),
        N_("Longer they do not keep; the second notice says until when."),
        unit=N_("days"),
        least=0,
        most=30,
        practice="R22",
    )
    keep_other_days: int = setting(
        3,
        Kind.WHOLE,
        PICKUP,
        N_("Other goods are kept after their day"),
        N_("The second notice says until when."),
        unit=N_("days"),
        least=0,
        most=90,
        practice="R22",
    )
    delivery_homes: str = setting(
        "",
        Kind.LONG_TEXT,
        PICKUP,
        N_("Buildings of the community"),
        N_(
            "One line each, like 1-20 or 8弄 1-16. Nothing is brought beyond them. "
            "Empty: every order with a building counts as inside."
        ),
        practice="R23",
    )
    delivery_need_days: int = setting(
        90,
        Kind.WHOLE,
        PICKUP,
        N_("A need for delivery is asked again after"),
        N_("A new one is proposed for so many days; nothing is kept longer than it is needed."),
        unit=N_("days"),
        least=1,
        most=366,
        practice="R23",
    )
    delivery_need_warning_days: int = setting(
        7,
        Kind.WHOLE,
        PICKUP,
        N_("Ask before a need ends"),
        N_("Needs that end within so many days stand on the delivery page."),
        unit=N_("days"),
        least=0,
        most=60,
        practice="R23",
    )
    freshness_bag_reorder: int = setting(
        100,
        Kind.WHOLE,
        PACKAGING,
        N_("Order freshness bags at"),
        N_("With so many left or fewer it stands on the Today page."),
        unit=N_("pieces of material"),
        least=0,
        most=100000,
        practice="R25",
    )
    ice_pack_reorder: int = setting(
        50,
        Kind.WHOLE,
        PACKAGING,
        N_("Order ice packs at"),
        N_("With so many left or fewer it stands on the Today page in the warm months."),
        unit=N_("pieces of material"),
        least=0,
        most=100000,
        practice="R25",
    )
    bubble_wrap_reorder: int = setting(
        30,
        Kind.WHOLE,
        PACKAGING,
        N_("Order bubble wrap at"),
        N_("With so many pieces left or fewer it stands on the Today page, too."),
        unit=N_("pieces of material"),
        least=0,
        most=100000,
        practice="R25",
    )
    packaging_use_days: int = setting(
        28,
        Kind.WHOLE,
        PACKAGING,
        N_("Use of material is read from the last"),
        N_("It says for how many days what is left will do."),
        unit=N_("days"),
        least=7,
        most=366,
        practice="R25",
    )
    reply_minutes: int = setting(
        60,
        Kind.WHOLE,
        AFTER_SALES,
        N_("First reply within"),
        N_("Counted from the moment the resident told the shop."),
        unit=N_("minutes"),
        least=5,
        most=1440,
        practice="R26",
    )
    reply_warning_minutes: int = setting(
        15,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Warn before the first reply is late"),
        N_("Cases with so many minutes left or fewer turn amber."),
        unit=N_("minutes"),
        least=0,
        most=1440,
        practice="R26",
    )
    solve_hours: int = setting(
        24,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Solved within"),
        N_(
            "A solution is agreed and money sent, or the replacement scheduled. "
            "Only waiting for the resident's photo stops the clock."
        ),
        unit=N_("hours"),
        least=1,
        most=720,
        practice="R27",
    )
    solve_warning_hours: int = setting(
        4,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Warn before a solution is late"),
        N_("Cases with so many hours left or fewer turn amber."),
        unit=N_("hours"),
        least=0,
        most=240,
        practice="R27",
    )
    service_hours_on: bool = setting(
        False,
        Kind.YES_NO,
        AFTER_SALES,
        N_("Clocks run in service hours only"),
        N_("Off: around the clock, as promised to the residents."),
        practice="R26",
    )
    service_hours: tuple[Slot, ...] = setting(
        DEFAULT_SERVICE_HOURS,
        Kind.SLOTS,
        AFTER_SALES,
        N_("Service hours"),
        N_("Used when clocks run in service hours only; closed days have none."),
        practice="R26",
    )
    fresh_part: str = setting(
        "share_or_one_more",
        Kind.CHOICE,
        AFTER_SALES,
        N_("A part of fresh goods is rotten"),
        N_("What the pledge promises at least when not the whole of it is bad."),
        choices=(
            ("share_or_one_more", N_("Refund of the share or one more, as the resident likes")),
            ("share_and_one_more", N_("Refund of the share and one more")),
        ),
        practice="R10",
    )
    owed_days: int = setting(
        7,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Owed goods are delivered within"),
        N_("A clock of its own: solved and delivered are two promises."),
        unit=N_("days"),
        least=1,
        most=60,
        practice="R29",
    )
    owed_warning_days: int = setting(
        1,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Warn before owed goods are late"),
        N_("Owed goods with so many days left or fewer turn amber."),
        unit=N_("days"),
        least=0,
        most=30,
        practice="R29",
    )
    follow_up_days: int = setting(
        1,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Ask again after"),
        N_("So many days after the solution the resident is asked whether all is well."),
        unit=N_("days"),
        least=0,
        most=30,
        practice="R30",
    )
    after_sales_days: int = setting(
        7,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Purchases offered when a case is opened"),
        N_("Older lines are found by searching; no complaint is refused because of its age."),
        unit=N_("days"),
        least=1,
        most=180,
        practice="R28",
    )
    same_photo_days: int = setting(
        180,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Photos are compared with those of"),
        N_("A photo that was in another case is pointed out."),
        unit=N_("days"),
        least=1,
        most=1000,
        practice="R28",
    )
    same_photo_bits: int = setting(
        6,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Photos count as the same up to"),
        N_("Of 64 marks of a picture, so many may differ. 0: only the very same."),
        unit=N_("marks"),
        least=0,
        most=20,
        practice="R28",
    )
    risky_cases: int = setting(
        2,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Point out a batch from this many complaints"),
        N_("Rotten or faulty goods of one batch: look at it, and perhaps call it back."),
        unit=N_("cases"),
        least=2,
        most=50,
        practice="R28",
    )
    risky_days: int = setting(
        30,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Complaints about one batch are counted over"),
        N_("Older ones do not add up with new ones."),
        unit=N_("days"),
        least=1,
        most=366,
        practice="R28",
    )
    case_door: bool = setting(
        True,
        Kind.YES_NO,
        AFTER_SALES,
        N_("Residents may report by themselves"),
        N_("A page without account. Nothing on it shows what others reported."),
        practice="R28",
    )
    cases_per_hour: int = setting(
        5,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Reports from one connection in an hour"),
        N_("More are asked to write in the group or come to the shop."),
        unit=N_("times"),
        least=1,
        most=100,
        practice="R28",
    )
    most_waiting_cases: int = setting(
        40,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Reports waiting at most"),
        N_("With so many unread the page asks to write in the group."),
        unit=N_("cases"),
        least=1,
        most=1000,
        practice="R28",
    )
    case_photos: int = setting(
        6,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Photos of one report at most"),
        N_("The page says so before the upload."),
        unit=N_("photos"),
        least=1,
        most=20,
        practice="R28",
    )
    case_link_days: int = setting(
        30,
        Kind.WHOLE,
        AFTER_SALES,
        N_("A private address is valid for"),
        N_("After that it shows nothing any more."),
        unit=N_("days"),
        least=1,
        most=366,
        practice="R28",
    )
    complaint_trend_percent: int = setting(
        10,
        Kind.WHOLE,
        AFTER_SALES,
        N_("Complaints count as the same within"),
        N_("Less change than that against the month before is neither better nor worse."),
        unit=N_("%"),
        least=0,
        most=100,
        practice="R32",
    )
    public_service_figures: bool = setting(
        False,
        Kind.YES_NO,
        AFTER_SALES,
        N_("Show residents how quickly you help"),
        N_(
            "The price page then says how many complaints of the month were answered and solved "
            "in time, with the counts."
        ),
        practice="R26",
    )
