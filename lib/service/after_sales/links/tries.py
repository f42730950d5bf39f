"""How often residents may report and write: counted in the database, in nobody's name (A21).

The network of a phone is kept as a keyed hash that is another one tomorrow.
"""

from math import ceil

from lib.kernel.errors import Refused
from lib.kernel.words import N_
from lib.service.after_sales.links import rules
from lib.service.after_sales.links.queries import is_full
from lib.shop.people import throttle
from lib.shop.people.rules import Allowance
from lib.shop.shop import Shop

CLOSED = N_("Reports are not taken here. Please write in the group or come to the shop.")
FULL = N_(
    "So many reports wait to be read that no more are taken here just now. "
    "Please write in the group or come to the shop."
)
TOO_MANY = N_(
    "Several reports came from here just now. Please try again in {minutes} minutes, or write in "
    "the group."
)
TOO_OFTEN = N_("That was often within an hour. Please try again in {minutes} minutes.")


def check_report(shop: Shop, network: str) -> None:
    """Raise ``Refused`` unless a report from ``network`` would be taken now; nothing is counted.

    Asked before anything of what is sent is looked at.
    """
    if not shop.settings.case_door:
        raise Refused(CLOSED)
    with shop.read() as connection:
        if is_full(connection, shop.settings.most_waiting_cases):
            raise Refused(FULL)
    seconds = throttle.wait(shop, _report_buckets(shop, network)).total_seconds()
    if seconds > 0:
        raise Refused(TOO_MANY, minutes=max(1, ceil(seconds / 60)))


def take_report(shop: Shop, network: str) -> None:
    """Count one report from ``network``; raises ``Refused`` with when to try again."""
    _take(shop, _report_buckets(shop, network), TOO_MANY)


def take_sending(shop: Shop, link_id: int) -> None:
    """Count one sending on a private page; raises ``Refused`` with when to try again."""
    allowed = rules.messages_allowed(shop.settings.cases_per_hour)
    _take(shop, {f"case-link:{link_id}": allowed}, TOO_OFTEN)


def _report_buckets(shop: Shop, network: str) -> dict[str, Allowance]:
    key = rules.bucket(network, shop.today, shop.place.secret("cases"))
    allowed = rules.reports_allowed(shop.settings.cases_per_hour)
    return {} if key is None else {key: allowed}


def _take(shop: Shop, buckets: dict[str, Allowance], sentence: str) -> None:
    if not buckets:
        return
    try:
        throttle.take(shop, buckets)
    except Refused as refused:
        minutes = max(1, ceil(int(str(refused.values["seconds"])) / 60))
        raise Refused(sentence, minutes=minutes) from refused
