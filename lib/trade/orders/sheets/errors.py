"""Why a file could not be read, as sentences for the owner.

The reading process (:mod:`lib.trade.orders.sheets.child`) knows only the name of a cause and a
few values; this module turns both into one of the shop's errors.
"""

from lib.kernel.errors import Refused, ShopError
from lib.kernel.words import N_


class PasswordNeeded(Refused):
    """The workbook is protected by a password and none was given."""


class WrongPassword(Refused):
    """The workbook is protected by a password, and the one given does not open it."""


class UnreadableFile(Refused):
    """The file is not an order list that can be read; the sentence says what to do.

    ``cause`` is one of the keys of :data:`SENTENCES`.
    """

    def __init__(self, sentence: str, cause: str = "damaged", **values: object) -> None:
        super().__init__(sentence, **values)
        self.cause = cause


class Unreadable(Exception):  # noqa: N818 - travels inside the reading process only
    """A cause by name with its values, before it is worded for the owner."""

    def __init__(self, cause: str, **values: str | int) -> None:
        super().__init__(cause)
        self.cause = cause
        self.values = values


SENTENCES: dict[str, str] = {
    "password_needed": N_(
        "This workbook is protected by a password. Type the password it was exported with "
        "(快团团 often uses 8888)."
    ),
    "wrong_password": N_("This password does not open the workbook. Check it and try again."),
    "missing": N_("The file {name} is not there any more. Choose the file again."),
    "empty": N_("The file is empty. Export the orders again."),
    "not_a_workbook": N_(
        "This is not a spreadsheet. Export the orders as .xlsx, .xls or .csv and choose that file."
    ),
    "damaged": N_("The file is damaged or incomplete. Download or export it again."),
    "encoding": N_(
        "The writing in this file cannot be recognised. Open it in Excel or WPS, save it as .xlsx "
        "and choose that file."
    ),
    "file_too_large": N_(
        "The file is larger than {limit} MB. Export a shorter period, or only the order list."
    ),
    "unpacks_too_large": N_(
        "Unpacked, this file would be far too large for an order list. Export a shorter period, "
        "or copy the orders into a new workbook."
    ),
    "too_many_sheets": N_(
        "The workbook has more than {limit} sheets. Keep only the sheet with the orders."
    ),
    "too_many_rows": N_(
        "Sheet {sheet} goes beyond row {limit}. Export a shorter period, or delete what stands "
        "far below the orders."
    ),
    "too_many_columns": N_(
        "Sheet {sheet} goes beyond {limit} columns. Delete what stands far to the right of the "
        "orders."
    ),
    "too_many_cells": N_(
        "The file has more filled cells than an order list needs ({limit}). Export a shorter "
        "period."
    ),
    "cell_too_long": N_(
        "The cell in row {row}, column {column} is longer than any order. Shorten or delete it."
    ),
    "unsafe_entities": N_(
        "The file declares entities, which no order export does. Open it in Excel or WPS, save it "
        "as a new .xlsx and choose that file."
    ),
    "unsafe_names": N_(
        "The file contains parts with unsafe names. Copy the orders into a new workbook."
    ),
    "macros": N_("The workbook contains macros. Save it as .xlsx (without macros) and try again."),
    "unclosed_quote": N_(
        "Row {row}, column {column}: a quotation mark is opened and never closed, so the rows "
        "after it cannot be told apart. Correct that cell and save the file again."
    ),
    "too_slow": N_(
        "Reading this file takes far longer than an order list should. Export a shorter period, or "
        "copy the orders into a new workbook."
    ),
    "too_big": N_(
        "Reading this file needs far more memory than an order list should. Export a shorter "
        "period, or copy the orders into a new workbook."
    ),
    "no_orders": N_(
        "No order list was found in this file. The sheet needs a row of headings such as "
        "下单人, 商品, 数量, 订单金额."
    ),
}


def refusal(cause: str, values: dict[str, object] | None = None) -> ShopError:
    """Return the error for ``cause`` (a key of :data:`SENTENCES`), ready to be raised."""
    sentence = SENTENCES.get(cause, SENTENCES["damaged"])
    if cause == "password_needed":
        return PasswordNeeded(sentence)
    if cause == "wrong_password":
        return WrongPassword(sentence)
    return UnreadableFile(sentence, cause, **(values or {}))
