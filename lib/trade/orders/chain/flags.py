"""Why an entry asks for a second look: one flag, one sentence for the screen.

The first six names are the contract's; the others are ours. A flag never changes a count.
"""

from enum import StrEnum

from lib.kernel.words import N_


class Flag(StrEnum):
    """A reason to look at an entry (or at the whole paste) before confirming it."""

    QTY_ASSUMED = "qty_assumed"
    DUPLICATE_NICKNAME = "duplicate_nickname"
    SAME_AS_ABOVE = "same_as_above"
    AMBIGUOUS_PRODUCT = "ambiguous_product"
    UNKNOWN_PRODUCT = "unknown_product"
    UNIT_MISMATCH = "unit_mismatch"

    UNCLEAR_QUANTITY = "unclear_quantity"
    CHECK_QUANTITY = "check_quantity"
    FRACTION_OF_PIECE = "fraction_of_piece"
    LARGE_QUANTITY = "large_quantity"
    STOPPED = "stopped"
    SEVERAL_QUANTITIES = "several_quantities"
    ALL_PRODUCTS = "all_products"
    CHANGED_IN_TEXT = "changed_in_text"
    NO_NICKNAME = "no_nickname"
    NICKNAME_UNSURE = "nickname_unsure"
    ADDRESS_UNSURE = "address_unsure"
    SLOT_UNCLEAR = "slot_unclear"
    DELIVERY_UNCLEAR = "delivery_unclear"
    CANCEL_UNCLEAR = "cancel_unclear"
    QUESTION = "question"
    CONDITION = "condition"
    POSSIBLE_ENTRY = "possible_entry"
    UNREAD_WORDS = "unread_words"

    NO_HEADER = "no_header"
    NO_ENTRIES = "no_entries"
    ONLY_QUOTED = "only_quoted"
    SEVERAL_CHAINS = "several_chains"
    TITLE_CHANGED = "title_changed"
    ENTRY_MISSING = "entry_missing"

    @property
    def sentence(self) -> str:
        """The English sentence (a gettext key) that explains the flag to the owner."""
        return SENTENCES[self]


SENTENCES: dict[Flag, str] = {
    Flag.QTY_ASSUMED: N_("No quantity was written; one was taken."),
    Flag.DUPLICATE_NICKNAME: N_("This nickname ordered before; both orders count."),
    Flag.SAME_AS_ABOVE: N_("Written like “the same” or “as usual”."),
    Flag.AMBIGUOUS_PRODUCT: N_("The name fits more than one product."),
    Flag.UNKNOWN_PRODUCT: N_("This product is not on offer."),
    Flag.UNIT_MISMATCH: N_("The unit does not fit the way the product is sold."),
    Flag.UNCLEAR_QUANTITY: N_("A number could not be read as a quantity for certain."),
    Flag.CHECK_QUANTITY: N_("The quantity was read, but the wording is unusual."),
    Flag.FRACTION_OF_PIECE: N_("Part of a piece was ordered."),
    Flag.LARGE_QUANTITY: N_("The quantity is unusually large."),
    Flag.STOPPED: N_("This product is not sold at present; it is not counted."),
    Flag.SEVERAL_QUANTITIES: N_("Several quantities for one product were added up."),
    Flag.ALL_PRODUCTS: N_("Ordered as one of each; check which products are meant."),
    Flag.CHANGED_IN_TEXT: N_("The resident changed the order in the text."),
    Flag.NO_NICKNAME: N_("No nickname was found."),
    Flag.NICKNAME_UNSURE: N_("It is not certain where the nickname ends."),
    Flag.ADDRESS_UNSURE: N_("The address is not certain."),
    Flag.SLOT_UNCLEAR: N_("The pickup time is not certain."),
    Flag.DELIVERY_UNCLEAR: N_("It is not certain whether delivery is wanted."),
    Flag.CANCEL_UNCLEAR: N_("Something was cancelled, but it is not certain what."),
    Flag.QUESTION: N_("The resident asks a question."),
    Flag.CONDITION: N_("The resident set a condition."),
    Flag.POSSIBLE_ENTRY: N_("This line may be an entry of its own."),
    Flag.UNREAD_WORDS: N_("The note holds words that may name goods."),
    Flag.NO_HEADER: N_("The first line of the chain is missing."),
    Flag.NO_ENTRIES: N_("No numbered entry was found in the text."),
    Flag.ONLY_QUOTED: N_("The paste holds only a quoted chain; copy the chain itself."),
    Flag.SEVERAL_CHAINS: N_("The paste holds several different chains."),
    Flag.ENTRY_MISSING: N_(
        "An earlier copy of the chain holds somebody who is missing in the newest one."
    ),
    Flag.TITLE_CHANGED: N_("Two copies of one chain differ in their title; the newer one counts."),
}
