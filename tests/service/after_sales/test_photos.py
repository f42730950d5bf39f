"""Photos of cases: private, and recognised when the same picture was in another case (R28)."""

import io
import json

import pytest
from PIL import Image

from lib.db import schema
from lib.kernel.clock import FixedClock
from lib.kernel.errors import NotFound, Refused
from lib.service.after_sales import commands, queries
from lib.service.after_sales.merging.commands import merge_cases
from lib.service.after_sales.photos.rules import apart, is_same
from lib.shop.files import child, intake, photos
from lib.shop.shop import RESIDENT, Shop
from lib.web.files import may_see
from tests.conftest import NOW
from tests.service.after_sales import cast
from tests.service.after_sales.cast import Bought, opened
from tests.shop.files import samples


def with_look(shop: Shop, case_id: int, look: str, sha256: str) -> None:
    """Put a photo with a look into the books of a case, without a file."""
    blob = {"media_type": "image/jpeg", "size": 1, "created_at": NOW, "look": look}
    with shop.store.write() as connection:
        connection.execute(schema.blob.insert().values(sha256=sha256, **blob))
    commands.add_photo(shop, case_id, sha256)


def elsewhere(shop: Shop, case_id: int) -> list[tuple[int, ...]]:
    """Where each photo of a case was before."""
    case = queries.case_of(shop, case_id)
    assert case is not None
    return [each.elsewhere for each in case.pictures]


@pytest.mark.parametrize(("quality", "size"), [(35, (640, 480)), (60, (400, 300))])
def test_a_photo_saved_anew_is_found_in_the_case_it_was_in_before(
    bought: Bought, shop: Shop, quality: int, size: tuple[int, int]
) -> None:
    """WeChat makes another file of the same picture: other bytes, other size, the same marks."""
    first, second = opened(bought), opened(bought)
    one = photos.put(shop.place, cast.photo(7))
    two = photos.put(shop.place, cast.photo(7, quality, size))
    commands.add_photo(shop, first, one)
    commands.add_photo(shop, second, two)

    assert one.sha256 != two.sha256
    assert (elsewhere(shop, first), elsewhere(shop, second)) == ([()], [(first,)])


def test_the_very_same_file_is_found_by_its_address(bought: Bought, shop: Shop) -> None:
    first, second = opened(bought), opened(bought)
    sha256 = intake.take_in(shop, samples.photo(), kinds=intake.PHOTOS)
    for case_id in (first, second):
        commands.add_photo(shop, case_id, sha256)

    assert elsewhere(shop, second) == [(first,)]


def test_different_photos_are_not_confused() -> None:
    """Thirty pictures, each with each; and each with itself, saved anew smaller."""
    looks = [look(cast.photo(seed)) for seed in range(30)]
    anew = [look(cast.photo(seed, 40, (320, 240))) for seed in range(30)]

    assert all(is_same(one, two, 6) for one, two in zip(looks, anew, strict=True))
    pairs = [(one, two) for at, one in enumerate(looks) for two in looks[:at]]
    assert not any(is_same(one, two, 6) for one, two in pairs)


def look(content: bytes) -> str:
    """The look of a picture as the decoding process works it out."""
    said = io.BytesIO()
    child.answer(content, said)
    return json.loads(said.getvalue().partition(b"\n")[0])["look"]


def test_what_shows_too_little_is_taken_for_no_other_picture() -> None:
    for colour in ("white", "black", (120, 130, 140)):
        target = io.BytesIO()
        Image.new("RGB", (320, 240), colour).save(target, "JPEG")
        assert look(target.getvalue()) == ""
    assert not is_same("", "", 20)
    assert apart("", "0" * 16) is None


@pytest.mark.parametrize(("bits", "found"), [(5, False), (6, True), (7, True)])
def test_so_many_marks_may_differ_as_the_setting_says(
    bought: Bought, bits: int, found: bool
) -> None:
    shop = cast.set_to(bought.shop, same_photo_bits=bits)
    first, second = opened(bought), opened(bought)
    with_look(shop, first, "00000000000000ff", "a" * 64)
    with_look(shop, second, "00000000000000c0", "b" * 64)

    assert elsewhere(shop, second) == [(first,) if found else ()]


def test_photos_older_than_the_setting_says_are_not_compared(
    bought: Bought, clock: FixedClock
) -> None:
    shop = cast.set_to(bought.shop, same_photo_days=10)
    first = opened(bought)
    with_look(shop, first, "0123456789abcdef", "a" * 64)
    clock.forward(days=9)
    second = opened(bought)
    with_look(shop, second, "0123456789abcdef", "b" * 64)
    assert elsewhere(shop, second) == [(first,)]

    clock.forward(days=2)
    assert elsewhere(shop, second) == [()]


def test_joined_doubles_are_the_same_case(bought: Bought, shop: Shop) -> None:
    first, second = opened(bought), opened(bought)
    with_look(shop, first, "0123456789abcdef", "a" * 64)
    with_look(shop, second, "0123456789abcdef", "b" * 64)
    commands.add_photo(shop, second, "a" * 64)
    merge_cases(shop, first, second)

    assert elsewhere(shop, first) == [(), ()]


def test_a_picture_that_came_with_a_double_is_pointed_out_at_the_kept_case(
    bought: Bought, shop: Shop
) -> None:
    kept, double, later = opened(bought), opened(bought), opened(bought)
    with_look(shop, double, "0123456789abcdef", "a" * 64)
    with_look(shop, later, "0123456789abcdef", "b" * 64)
    merge_cases(shop, kept, double)

    assert elsewhere(shop, later) == [(kept,)]


def test_a_photo_taken_off_is_seen_no_more_and_comes_back(bought: Bought, shop: Shop) -> None:
    case_id = opened(bought)
    photo = photos.put(shop.place, samples.photo())
    photo_id = commands.add_photo(shop, case_id, photo)
    assert commands.add_photo(shop, case_id, photo) == photo_id
    commands.remove_photo(shop, photo_id)
    assert elsewhere(shop, case_id) == []
    with pytest.raises(NotFound):
        commands.remove_photo(shop, photo_id)
    assert commands.add_photo(shop, case_id, photo) == photo_id
    assert elsewhere(shop, case_id) == [()]


def test_a_photo_that_was_awaited_lets_the_clock_go_on(bought: Bought, clock: FixedClock) -> None:
    shop, case_id = bought.shop, opened(bought)
    cast.ask(shop, case_id)
    clock.forward(hours=4)
    commands.add_photo(shop, case_id, photos.put(shop.place, samples.photo()))

    assert cast.row(shop, case_id).status == "working"
    assert (cast.turn(shop, case_id).solve_due_at - NOW).total_seconds() == 28 * 3600


def test_photos_come_with_the_report(bought: Bought, shop: Shop) -> None:
    photo = photos.put(shop.place, samples.photo())
    case_id = opened(bought, photos=(photo,))

    assert len(elsewhere(shop, case_id)) == 1
    assert cast.kinds(shop, case_id) == ["reported"]


def test_residents_send_no_more_photos_than_the_setting_says(bought: Bought) -> None:
    shop = cast.set_to(bought.shop, case_photos=2)
    case_id = opened(bought)
    for number in range(3):
        add_blob(shop, f"{number}" * 64)
    with shop.acting(RESIDENT).write("case.send_photo", by=frozenset({RESIDENT.role})) as tx:
        for number in range(2):
            commands.book_photo(tx, case_id, f"{number}" * 64, by_resident=True)
        with pytest.raises(Refused, match="At most 2 photos"):
            commands.book_photo(tx, case_id, "2" * 64, by_resident=True)


def add_blob(shop: Shop, sha256: str, media_type: str = "image/jpeg") -> None:
    """Book a file that nobody reads here."""
    row = {"media_type": media_type, "size": 1, "created_at": NOW}
    with shop.store.write() as connection:
        connection.execute(schema.blob.insert().values(sha256=sha256, **row))


def test_only_photos_of_ours_belong_to_a_case(bought: Bought, shop: Shop) -> None:
    case_id = opened(bought)
    with pytest.raises(NotFound):
        commands.add_photo(shop, case_id, "0" * 64)
    add_blob(shop, "f" * 64, "application/pdf")
    with pytest.raises(Refused, match="Only photos"):
        commands.add_photo(shop, case_id, "f" * 64)


def test_photos_of_cases_are_shown_to_the_desk_alone(
    bought: Bought, shop: Shop, staff_shop: Shop, resident_shop: Shop
) -> None:
    photo = photos.put(shop.place, samples.photo())
    opened(bought, photos=(photo,))

    assert may_see(staff_shop, photo.sha256)
    assert not may_see(resident_shop, photo.sha256)
