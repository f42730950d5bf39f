"""How long a purchase record is kept, and what is missing in one. Pure.

Sources (facts of the field, 3.1): food safety law sections 50, 53, 65 and 126, implementing
regulation section 18. Hints for the shop, no legal advice.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lib.kernel.months import months_later
from lib.kernel.words import N_
from lib.shop.settings import Settings


def is_produce(*, is_fresh: bool, supplier_kind: str) -> bool:
    """Whether goods count as edible farm produce: fresh, and straight from who grew them."""
    return is_fresh and supplier_kind == "grower"


def keep_until(
    bought_on: date,
    best_before: date | None,
    settings: Settings,
    *,
    produce: bool,
    printed: bool = False,
) -> date:
    """Return the day until which the record of goods bought on ``bought_on`` is kept.

    Farm produce: months after buying (section 65). Goods with a shelf life: months after its end
    (section 50); without one: months after buying. A date printed on the package makes packaged
    food of farm produce too.
    """
    if produce and not printed:
        return months_later(bought_on, settings.keep_produce_months)
    if best_before is not None:
        return months_later(best_before, settings.keep_after_expiry_months)
    return months_later(bought_on, settings.keep_without_expiry_months)


class Gap(StrEnum):
    """A field of the purchase record that is empty."""

    SUPPLIER_ADDRESS = "supplier_address"
    SUPPLIER_CONTACT = "supplier_contact"
    SPECIFICATION = "specification"
    PRODUCTION = "production"
    SHELF_LIFE = "shelf_life"
    CERTIFICATE = "certificate"
    VOUCHER = "voucher"


GAP_NAMES: dict[Gap, str] = {
    Gap.SUPPLIER_ADDRESS: N_("address of the supplier"),
    Gap.SUPPLIER_CONTACT: N_("contact of the supplier"),
    Gap.SPECIFICATION: N_("specification"),
    Gap.PRODUCTION: N_("production date or lot"),
    Gap.SHELF_LIFE: N_("shelf life"),
    Gap.CERTIFICATE: N_("certificate number"),
    Gap.VOUCHER: N_("photo of the delivery note"),
}

_PRODUCE = N_(
    "Who sells farm produce records name, quantity, day, and name, address and contact of the "
    "supplier, and keeps the voucher (food safety law, section 65)."
)
_PACKAGED = N_(
    "A record of bought food says specification, production date or lot, and shelf life (food "
    "safety law, section 53)."
)
_CHECKED = N_(
    "The certificate of the goods is to be checked when buying (food safety law, section 53)."
)

GAP_REASONS: dict[Gap, str] = {
    Gap.SUPPLIER_ADDRESS: _PRODUCE,
    Gap.SUPPLIER_CONTACT: _PRODUCE,
    Gap.VOUCHER: _PRODUCE,
    Gap.SPECIFICATION: _PACKAGED,
    Gap.PRODUCTION: _PACKAGED,
    Gap.SHELF_LIFE: _PACKAGED,
    Gap.CERTIFICATE: _CHECKED,
}
CONSEQUENCE = N_(
    "An office that finds no record first orders it to be put right and warns (food safety law, "
    "section 126). Who kept it and can name the source may be spared the penalty (section 136). "
    "This is a hint, not legal advice."
)


@dataclass(frozen=True)
class Fields:
    """What of a purchase record may be missing."""

    supplier_address: str
    supplier_contact: str
    specification: str
    produced_on: date | None
    lot: str
    shelf_life_days: int | None
    best_before: date | None
    certificate_number: str
    voucher: str | None


def gaps(fields: Fields, *, produce: bool) -> tuple[Gap, ...]:
    """Return what is missing; farm produce has the shorter form (section 65)."""
    empty = {
        Gap.SUPPLIER_ADDRESS: not fields.supplier_address,
        Gap.SUPPLIER_CONTACT: not fields.supplier_contact,
        Gap.SPECIFICATION: not (produce or fields.specification),
        Gap.PRODUCTION: not (produce or fields.produced_on or fields.lot),
        Gap.SHELF_LIFE: not (
            produce or fields.shelf_life_days is not None or fields.best_before is not None
        ),
        Gap.CERTIFICATE: not fields.certificate_number,
        Gap.VOUCHER: not fields.voucher,
    }
    return tuple(gap for gap, missing in empty.items() if missing)
