"""The text about a welfare item (E17, R19)."""

from lib.kernel.words import N_
from lib.shop.messages.event import Event, Placeholder, Purpose

WELFARE = Event(
    "welfare",
    N_("Welfare item"),
    Purpose.ADVERT,
    N_(
        "💚 Welfare item of the month: {product} {price} yuan/{unit} | order until {cut_off} | "
        "pickup {day}\n"
        "{basis}\n"
        "{reason}\n"
        "{limits}\n"
        "Price and cost 👉 {address}\n"
        "Join the chain 👇 e.g. 3-201 小李 {wanted} 晚上拿"
    ),
    (
        Placeholder("product", N_("Name of the product"), N_("Farm eggs")),
        Placeholder("price", N_("Welfare price in yuan"), "4.8"),
        Placeholder("unit", N_("Sale unit"), N_("jin")),
        Placeholder("cut_off", N_("When orders close"), N_("tonight 20:00")),
        Placeholder("day", N_("Pickup day"), N_("tomorrow (Sat)")),
        Placeholder(
            "basis",
            N_("What it costs the shop, and what the shop adds"),
            N_("Bought at 5; we add 0.2 per jin"),
        ),
        Placeholder(
            "reason",
            N_("Why it is below cost"),
            N_("We earn nothing on it: a thank-you to our neighbours"),
        ),
        Placeholder("limits", N_("How much there is"), N_("60 jin in all, 2 jin per household")),
        Placeholder("address", N_("Address of the price page"), "https://shop.example.cn/p/prices"),
        Placeholder("wanted", N_("An example of an order"), N_("Farm eggs 1 jin")),
    ),
    frozenset({"product", "price", "basis"}),
)
