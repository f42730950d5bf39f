"""What is kept between visitors of the light pages: made once, by one, for all."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.web.light import Latest, Page, Shelf

PAGE = Page.of("<p>x</p>")


def test_a_page_asked_for_by_many_at_once_is_made_once() -> None:
    shelf, made, ready = Shelf(), [], threading.Barrier(8)

    def make() -> Page:
        made.append(1)
        threading.Event().wait(0.02)  # long enough for the others to come and find it being made
        return PAGE

    def visit(_number: int) -> Page:
        ready.wait(5)
        return shelf.page("key", make)

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(visit, range(8))) == {PAGE}
    assert len(made) == 1


def test_a_page_that_cannot_be_made_is_tried_again_by_the_next() -> None:
    shelf = Shelf()

    def fail() -> Page:
        raise ValueError("altered")

    for _ in range(2):
        with pytest.raises(ValueError, match="altered"):
            shelf.page("key", fail)
    assert shelf.page("key", lambda: PAGE) is PAGE


def test_the_least_asked_for_goes_first() -> None:
    shelf = Shelf(most=2)
    made: list[str] = []

    def page(key: str) -> None:
        def make() -> Page:
            made.append(key)
            return PAGE

        shelf.page(key, make)

    for key in ("a", "b", "a", "c", "a", "b"):
        page(key)
    assert made == ["a", "b", "c", "b"]


def test_while_one_reads_the_others_get_what_stood_before() -> None:
    latest: Latest[str] = Latest()
    assert latest.value("shop", 1, lambda: "one") == "one"
    begun, go_on = threading.Event(), threading.Event()

    def slowly() -> str:
        begun.set()
        go_on.wait(5)
        return "two"

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(latest.value, "shop", 2, slowly)
        assert begun.wait(5)
        assert latest.value("shop", 3, lambda: "never") == "one"
        go_on.set()
        assert reading.result(5) == "two"
    assert latest.value("shop", 2, lambda: "never") == "two"
    assert latest.value("shop", 3, lambda: "three") == "three"


def test_another_shop_never_gets_what_is_not_its_own() -> None:
    latest: Latest[str] = Latest()
    latest.value("one", 1, lambda: "of one")
    assert latest.value("two", 1, lambda: "of two") == "of two"


def test_what_no_longer_holds_is_made_anew() -> None:
    latest: Latest[str] = Latest()
    latest.value("shop", 1, lambda: "old")
    assert latest.value("shop", 1, lambda: "new", lambda kept: kept != "old") == "new"
    assert latest.value("shop", 1, lambda: "never", lambda kept: kept != "old") == "new"


def test_a_reading_that_fails_leaves_the_way_free() -> None:
    latest: Latest[str] = Latest()

    def fail() -> str:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        latest.value("shop", 1, fail)
    assert latest.value("shop", 1, lambda: "yes") == "yes"
