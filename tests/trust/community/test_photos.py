"""Photos of activities (R12): children reach nobody outside without consent, place is taken out."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from starlette.testclient import TestClient

from lib.db import schema
from lib.db.engine import Store
from lib.kernel.errors import Conflict, NotFound, Refused
from lib.shop.files import storage
from lib.shop.shop import Shop
from lib.trust.community.photos import commands, queries
from lib.trust.community.photos.rules import Details
from lib.web import files
from tests.service.cast import TODAY
from tests.trust.community.cast import add_activity, add_photo, taken
from tests.web.conftest import books, visiting  # noqa: F401 - books is a fixture


@pytest.fixture
def this(shop: Shop) -> int:
    return add_activity(shop)


def only(shop: Shop, activity_id: int) -> queries.Photo:
    (found,) = queries.photos(shop, activity_id)
    return found


def agree(shop: Shop, photo: queries.Photo, consent: str = "妈妈，微信") -> bool:
    details = Details(True, photo.details.caption, consent)
    return commands.change_photo(shop, photo.id, photo.version, details)


def test_publishing_children_without_consent_is_refused(shop: Shop, this: int) -> None:
    add_photo(shop, this)
    photo = only(shop, this)
    assert photo.waits_for_consent
    with pytest.raises(Refused, match="children"):
        commands.publish_photo(shop, photo.id, photo.version)
    assert not only(shop, this).is_published
    agree(shop, photo)
    commands.publish_photo(shop, photo.id, 2)
    found = only(shop, this)
    assert found.is_published
    assert (found.details.consent, found.details.consent_on) == ("妈妈，微信", TODAY)
    assert found.published_by == "芳姐"


def test_not_even_the_database_takes_children_without_consent(shop: Shop, this: int) -> None:
    photo = add_photo(shop, this)
    table = schema.activity_photo
    with pytest.raises(IntegrityError), shop.store.write() as connection:
        connection.execute(
            update(table).where(table.c.id == photo).values(published_at=shop.clock.now())
        )


def test_consent_taken_back_withdraws_in_the_same_step(shop: Shop, this: int) -> None:
    add_photo(shop, this, consent="妈妈，微信")
    commands.publish_photo(shop, only(shop, this).id, 1)
    photo = only(shop, this)
    assert agree(shop, photo, "") is True
    assert not only(shop, this).is_published
    assert not queries.is_activity_photo(shop, photo.file.sha256)


def test_children_seen_later_withdraw_too(shop: Shop, this: int) -> None:
    add_photo(shop, this, children=False)
    commands.publish_photo(shop, only(shop, this).id, 1)
    photo = only(shop, this)
    assert commands.change_photo(shop, photo.id, photo.version, Details(True)) is True
    assert not only(shop, this).is_published


def test_the_same_picture_elsewhere_with_children_stays_inside(shop: Shop, this: int) -> None:
    other = add_activity(shop)
    add_photo(shop, this, children=False)
    commands.publish_photo(shop, only(shop, this).id, 1)
    sha256 = only(shop, this).file.sha256
    assert queries.is_activity_photo(shop, sha256)
    add_photo(shop, other, children=True)
    assert not queries.is_activity_photo(shop, sha256)
    with pytest.raises(Refused):
        commands.publish_photo(shop, only(shop, this).id, 2)


def test_a_photo_is_kept_once_per_activity_and_removed_everywhere(shop: Shop, this: int) -> None:
    add_photo(shop, this, children=False)
    with pytest.raises(Refused):
        add_photo(shop, this, children=False)
    photo = only(shop, this)
    commands.publish_photo(shop, photo.id, 1)
    commands.remove_photo(shop, photo.id, 2)
    assert queries.photos(shop, this) == ()
    assert not queries.is_activity_photo(shop, photo.file.sha256)
    with pytest.raises(NotFound):
        commands.publish_photo(shop, photo.id, 3)


def test_two_at_one_photo_are_told(shop: Shop, staff_shop: Shop, this: int) -> None:
    add_photo(shop, this, children=False)
    photo = only(shop, this)
    commands.publish_photo(staff_shop, photo.id, photo.version)
    with pytest.raises(Conflict):
        commands.withdraw_photo(shop, photo.id, photo.version)
    assert only(shop, this).is_published


def test_where_a_photo_was_taken_is_out_of_it(shop: Shop) -> None:
    kept = storage.path_of(shop.place, taken(shop).sha256).read_bytes()
    assert b"Exif" not in kept
    assert b"GPS" not in kept


def test_residents_get_no_list_of_photos(shop: Shop, resident_shop: Shop, this: int) -> None:
    add_photo(shop, this)
    with pytest.raises(Refused):
        queries.photos(resident_shop, this)


class TestTheDoor:
    """What a stranger with the link gets (A27)."""

    @pytest.fixture
    def store(self, sqlite_store: Store) -> Store:
        return sqlite_store

    @pytest.fixture
    def stranger(self, books: object) -> Iterator[TestClient]:  # noqa: F811
        with visiting(files.ROUTES) as client:
            yield client

    def test_a_stranger_sees_a_photo_only_while_it_is_published(
        self, shop: Shop, stranger: TestClient, this: int
    ) -> None:
        add_photo(shop, this, consent="妈妈，微信")
        photo = only(shop, this)
        path = f"/files/{photo.file.sha256}"
        small = f"/files/{photo.file.thumbnail}"
        assert stranger.get(path).status_code == 404
        commands.publish_photo(shop, photo.id, 1)
        seen = stranger.get(path)
        assert seen.status_code == stranger.get(small).status_code == 200
        assert seen.headers["cache-control"] == "private, no-cache"
        assert "妈妈" not in str(seen.headers)
        commands.withdraw_photo(shop, photo.id, 2)
        gone = stranger.get(path, headers={"If-None-Match": seen.headers["etag"]})
        assert gone.status_code == stranger.get(small).status_code == 404

    def test_a_stranger_never_gets_children_without_consent(
        self, shop: Shop, stranger: TestClient, this: int
    ) -> None:
        add_photo(shop, this)
        photo = only(shop, this)
        for size in ("", "?size=small"):
            assert stranger.get(f"/files/{photo.file.sha256}{size}").status_code == 404
        assert stranger.get(f"/files/{photo.file.thumbnail}").status_code == 404

    def test_consent_taken_back_closes_the_door_at_the_next_look(
        self, shop: Shop, stranger: TestClient, this: int
    ) -> None:
        add_photo(shop, this, consent="妈妈，微信")
        photo = only(shop, this)
        commands.publish_photo(shop, photo.id, 1)
        assert stranger.get(f"/files/{photo.file.sha256}").status_code == 200
        agree(shop, only(shop, this), "")
        assert stranger.get(f"/files/{photo.file.sha256}").status_code == 404


def test_consent_of_another_day_keeps_its_day(shop: Shop, this: int) -> None:
    add_photo(shop, this)
    photo = only(shop, this)
    before = TODAY - timedelta(days=2)
    commands.change_photo(shop, photo.id, 1, Details(True, "", "爸爸，当面", before))
    assert only(shop, this).details.consent_on == before
    with shop.read() as connection:
        kept = connection.execute(select(schema.activity_photo.c.consent_at)).scalar_one()
    assert kept.date() == before
