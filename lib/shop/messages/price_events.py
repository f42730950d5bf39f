"""Text about open prices (E17, R20)."""

from lib.kernel.words import N_
from lib.shop.messages.event import Event, Placeholder, Purpose

PRICE_SHEET = Event(
    "price_sheet",
    N_("Price sheet published"),
    Purpose.ADVERT,
    N_(
        "【Open prices】{title} · {day}\n"
        "{goods}\n"
        "{rest}\n"
        "{correction}\n"
        "All prices and costs 👉 {address}\n"
        "Sheet {number}, fingerprint {fingerprint}: once published, never changed"
    ),
    (
        Placeholder("title", N_("Title of the sheet"), N_("Open prices")),
        Placeholder("day", N_("The day it is for"), "09-25"),
        Placeholder(
            "goods",
            N_("The first goods: where each yuan of their price goes"),
            N_("Farm eggs 5.80/jin = Purchase price 4.50 + Loss 0.11 + The shop keeps 1.19"),
        ),
        Placeholder("rest", N_("How many goods more there are"), N_("… and 12 more")),
        Placeholder(
            "correction",
            N_("Which sheet it corrects, and what was wrong"),
            N_("Corrects sheet 11: the bag was left out"),
        ),
        Placeholder("address", N_("Address of the price page"), "https://shop.example.cn/p/prices"),
        Placeholder("number", N_("Number of the sheet"), "12"),
        Placeholder("fingerprint", N_("Short fingerprint"), "3f2a 91bc"),
    ),
    frozenset({"number", "fingerprint", "address"}),
)

PRICES = (PRICE_SHEET,)
