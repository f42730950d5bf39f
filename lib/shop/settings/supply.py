"""Suppliers, stock, plan and evidence (mission, part A)."""

from dataclasses import dataclass

from lib.kernel.words import N_
from lib.shop.settings.described import SUPPLY, Kind, setting


@dataclass(frozen=True)
class SupplySettings:
    """Settings of supply."""

    shop_position: str = setting(
        "",
        Kind.TEXT,
        SUPPLY,
        N_("Position of the shop"),
        N_("Latitude and longitude, like 30.27415, 120.15515. Distances are reckoned from here."),
        practice="R1",
    )
    local_radius_km: int = setting(
        30,
        Kind.WHOLE,
        SUPPLY,
        N_("Local within"),
        N_("Suppliers nearer than this count as local; one farther away needs a reason."),
        unit=N_("km"),
        least=1,
        most=5000,
        practice="R1",
    )
    agreement_first_warning: int = setting(
        30,
        Kind.WHOLE,
        SUPPLY,
        N_("First warning before an agreement ends"),
        N_("Today says so this many days before, and again on the last day."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R2",
    )
    agreement_second_warning: int = setting(
        7,
        Kind.WHOLE,
        SUPPLY,
        N_("Second warning before an agreement ends"),
        N_("Today says so this many days before, and again on the last day."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R2",
    )
    paper_first_warning: int = setting(
        60,
        Kind.WHOLE,
        SUPPLY,
        N_("First warning before a paper expires"),
        N_("Licences and certificates of suppliers; Today says so this many days before."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R9",
    )
    paper_second_warning: int = setting(
        30,
        Kind.WHOLE,
        SUPPLY,
        N_("Second warning before a paper expires"),
        N_("Licences and certificates of suppliers; Today says so this many days before."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R9",
    )
    paper_last_warning: int = setting(
        7,
        Kind.WHOLE,
        SUPPLY,
        N_("Last warning before a paper expires"),
        N_("Licences and certificates of suppliers; Today says so this many days before."),
        unit=N_("days"),
        least=0,
        most=365,
        practice="R9",
    )
    test_fresh_days: int = setting(
        90,
        Kind.WHOLE,
        SUPPLY,
        N_("A test report is fresh for"),
        N_("Older reports are called old, on Today and beside the goods."),
        unit=N_("days"),
        least=1,
        most=3650,
        practice="R8",
    )
    spoil_warning_days: int = setting(
        1,
        Kind.WHOLE,
        SUPPLY,
        N_("Warn of goods that end soon"),
        N_("Batches with so many days left or fewer stand on the Today page."),
        unit=N_("days"),
        least=0,
        most=60,
        practice="R6",
    )
    plan_weekdays: tuple[int, ...] = setting(
        (0, 2, 4),
        Kind.WEEKDAYS,
        SUPPLY,
        N_("Days on which staples come"),
        N_("The plan says what to buy for each of these days. Small lots, often."),
        practice="R5",
    )
    plan_weeks: int = setting(
        16,
        Kind.WHOLE,
        SUPPLY,
        N_("The plan looks back"),
        N_("So many weeks say how a week's sales are spread over its days."),
        unit=N_("weeks"),
        least=2,
        most=26,
        practice="R5",
    )
    plan_level_weeks: int = setting(
        4,
        Kind.WHOLE,
        SUPPLY,
        N_("How much a week sells: from the last"),
        N_("Fewer follow the season sooner, more are less led by chance."),
        unit=N_("weeks"),
        least=1,
        most=26,
        practice="R5",
    )
    plan_safety_percent: int = setting(
        15,
        Kind.WHOLE,
        SUPPLY,
        N_("Safety on top of the expected"),
        N_("Bought beyond what is expected until the next delivery."),
        unit=N_("%"),
        least=0,
        most=100,
        practice="R5",
    )
    plan_lead_days: int = setting(
        1,
        Kind.WHOLE,
        SUPPLY,
        N_("Order ahead of a delivery day"),
        N_("Today asks for the order so many days before the goods should come."),
        unit=N_("days"),
        least=0,
        most=6,
        practice="R5",
    )
    trend_percent: int = setting(
        15,
        Kind.WHOLE,
        SUPPLY,
        N_("Rising or falling from"),
        N_("The last two weeks against the four before; less is called stable."),
        unit=N_("%"),
        least=1,
        most=100,
        practice="R4",
    )
    slow_percent: int = setting(
        50,
        Kind.WHOLE,
        SUPPLY,
        N_("Slow below"),
        N_(
            "A day is slow when less than this share of what was prepared was sold; "
            "exactly so much is not slow."
        ),
        unit=N_("%"),
        least=1,
        most=100,
        practice="R6",
    )
    slow_days: int = setting(
        3,
        Kind.WHOLE,
        SUPPLY,
        N_("Slow mover after"),
        N_("So many slow trading days one after the other make a slow mover."),
        unit=N_("days"),
        least=1,
        most=30,
        practice="R6",
    )
    slow_early_days: int = setting(
        2,
        Kind.WHOLE,
        SUPPLY,
        N_("Early notice after"),
        N_("So many slow trading days one after the other are pointed out before it is one."),
        unit=N_("days"),
        least=1,
        most=30,
        practice="R6",
    )
    shortage_split: str = setting(
        "proportional",
        Kind.CHOICE,
        SUPPLY,
        N_("When too little came"),
        N_("How a shortage is shared out unless another way is chosen on the spot."),
        choices=(
            ("proportional", N_("Everybody the same share of what they ordered")),
            ("equal", N_("Everybody up to the same quantity")),
            ("first_come", N_("Who ordered first gets all")),
        ),
        practice="E6",
    )
    label_reorder_at: int = setting(
        200,
        Kind.WHOLE,
        SUPPLY,
        N_("Print labels again below"),
        N_("With fewer of the community's own labels left, the label page and Today say so."),
        unit=N_("labels"),
        least=0,
        most=100000,
        practice="R3",
    )
    largest_video_mb: int = setting(
        100,
        Kind.WHOLE,
        SUPPLY,
        N_("Largest video"),
        N_("A larger one is refused; record shorter or with less detail, or raise this."),
        unit=N_("MB"),
        least=10,
        most=2000,
        practice="R8",
    )
    keep_after_expiry_months: int = setting(
        6,
        Kind.WHOLE,
        SUPPLY,
        N_("Keep purchase records after the shelf life"),
        N_("The law asks for six months after it ends (food safety law, sections 50 and 53)."),
        unit=N_("months"),
        least=6,
        most=120,
        practice="R9",
    )
    keep_without_expiry_months: int = setting(
        24,
        Kind.WHOLE,
        SUPPLY,
        N_("Keep purchase records without a shelf life"),
        N_("The law asks for two years (food safety law, section 50)."),
        unit=N_("months"),
        least=24,
        most=120,
        practice="R9",
    )
    keep_produce_months: int = setting(
        6,
        Kind.WHOLE,
        SUPPLY,
        N_("Keep purchase records of farm produce"),
        N_("The law asks for six months after buying (food safety law, section 65)."),
        unit=N_("months"),
        least=6,
        most=120,
        practice="R8",
    )
