"""The sentences of the privacy notice. Pure: settings in, notice out, in any language."""

from datetime import date

from lib.kernel.words import N_
from lib.members.consents.notice.rules import Basis, Kept, Notice, Part
from lib.shop.language import Translate
from lib.shop.settings import Settings

DELIVERY_PROOF_YEARS = 3
"""What the consent to door delivery says of its proof (lib/service/delivery/needs)."""


def notice(settings: Settings, say: Translate, changed_on: date | None) -> Notice:
    """Return the notice of a shop with these ``settings``; nothing in it is about anybody."""
    operator = settings.privacy_operator or settings.shop_name or say(N_("Linli"))
    return Notice(
        operator,
        settings.privacy_contact,
        changed_on,
        tuple(_kinds(settings, say)),
        (_never(say), _who_sees(say), _rights(settings, say), _deletion(say)),
    )


def notice_values(settings: Settings, say: Translate, link: str) -> dict[str, object]:
    """Return the values of the group text that tells where the notice stands."""
    return {
        "shop_name": settings.privacy_operator or settings.shop_name or say(N_("Linli")),
        "months": settings.keep_order_contact_months,
        "contact": settings.privacy_contact,
        "link": link,
    }


def _kinds(settings: Settings, say: Translate) -> list[Kept]:
    after_order = say(
        N_("{months} months after the last order, once its {days} days of after-sales are over")
    ).format(months=settings.keep_order_contact_months, days=settings.after_sales_days)
    return [
        *_for_orders(settings, say, after_order),
        *_with_consent(settings, say, after_order),
        *_for_safety(settings, say),
    ]


def _for_orders(settings: Settings, say: Translate, after_order: str) -> list[Kept]:
    return [
        Kept(
            say(N_("Name in the group, building and room, phone if you gave it, your orders")),
            say(N_("to pack your goods, hand them over and reach you when something is wrong")),
            Basis.CONTRACT,
            after_order,
        ),
        Kept(
            say(N_("What you paid, refunds, your balance, points and coupons")),
            say(N_("so that nobody pays too much and nothing you are owed is forgotten")),
            Basis.CONTRACT,
            after_order,
        ),
        Kept(
            say(N_("Complaints with what you wrote and the photos you sent")),
            say(N_("to put it right and to tell the supplier, without your name")),
            Basis.CONTRACT,
            after_order,
        ),
        Kept(
            say(N_("Chains and messages as they came in or went out")),
            say(N_("to check an order against what was written")),
            Basis.CONTRACT,
            _months(say, settings.keep_source_text_months),
        ),
        Kept(
            say(N_("Purchases, sales and money in the books, without your name")),
            say(N_("traceability of food, tax, and the open prices")),
            Basis.LAW,
            say(N_("as long as the law demands")),
        ),
    ]


def _with_consent(settings: Settings, say: Translate, after_order: str) -> list[Kept]:
    birthday = say(N_("until you take it back, at the latest {months} months without an order"))
    other = say(N_("until you take it back, at the latest: {end}")).format(end=after_order)
    door = say(N_("until the day you agreed to; the proof of it {years} years longer"))
    return [
        Kept(
            say(N_("Birthday: month and day, no year needed")),
            say(N_("to wish you well")),
            Basis.CONSENT,
            birthday.format(months=settings.keep_birthday_months),
        ),
        Kept(
            say(N_("What you like")),
            say(N_("to tell you when it is there and to choose a small gift; never for prices")),
            Basis.CONSENT,
            other,
        ),
        Kept(
            say(N_("That you want offers and good wishes")),
            say(N_("to write to you about them")),
            Basis.CONSENT,
            other,
        ),
        Kept(
            say(N_("That goods are brought to your door, and how to hand over; never why")),
            say(N_("to bring them")),
            Basis.CONSENT,
            door.format(years=DELIVERY_PROOF_YEARS),
        ),
    ]


def _for_safety(settings: Settings, say: Translate) -> list[Kept]:
    proof = say(N_("{months} months after the consent ends"))
    return [
        Kept(
            say(N_("That you agreed, in which words, when and how")),
            say(N_("as proof that we asked")),
            Basis.LAW,
            proof.format(months=settings.keep_consent_months),
        ),
        Kept(
            say(N_("Who of us looked into your file, and when")),
            say(N_("so that you can be told if you ask")),
            Basis.SAFETY,
            _months(say, settings.keep_opening_months),
        ),
    ]


def _never(say: Translate) -> Part:
    return Part(
        say(N_("What we never do")),
        (
            say(N_("We note nothing about health, pregnancy or children.")),
            say(N_("We sell no data and give none away for advertising.")),
            say(N_("Everybody pays the same: what we know of you never makes a price.")),
            say(N_("Our public pages count nobody and set no cookies to follow you.")),
            say(N_("No name, phone or room of yours stands on a public page.")),
        ),
    )


def _who_sees(say: Translate) -> Part:
    return Part(
        say(N_("Who sees it")),
        (
            say(N_("Only those who work in the shop. They see phone numbers without the middle.")),
            say(N_("Whoever opens your file is written down.")),
            say(N_("It lies on the shop's own computer and in its own backups.")),
            say(N_("What you write in WeChat lies with WeChat under its own rules.")),
        ),
    )


def _rights(settings: Settings, say: Translate) -> Part:
    contact = settings.privacy_contact
    how = (
        say(N_("One word is enough: {contact}")).format(contact=contact)
        if contact
        else say(N_("One word is enough, to whoever hands you your goods."))
    )
    return Part(
        say(N_("Your rights")),
        (
            say(N_("You may see what we have of you and get it as a file.")),
            say(N_("You may have it corrected, or deleted.")),
            say(N_("You may take back any consent; it holds at once, and you go on buying as "
                   "before at the same prices.")),
            how,
            say(N_("It costs nothing. If we cannot do it, we say why; then you may complain to "
                   "the authority for cyberspace (网信办) or the market regulator (12315).")),
        ),
    )  # fmt: skip


def _deletion(say: Translate) -> Part:
    return Part(
        say(N_("What deleting means")),
        (
            say(N_("Name, phone, room and everything you wrote go. Sums stay in the books "
                   "without anything that leads to you.")),
            say(N_("In the backups it is gone when they have been replaced.")),
            say(N_("Once a month everything past its time is deleted.")),
        ),
    )  # fmt: skip


def _months(say: Translate, months: int) -> str:
    return say(N_("{months} months")).format(months=months)
