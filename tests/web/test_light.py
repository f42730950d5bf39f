"""What is kept between visitors of the light pages: made once, by one, for all."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.web.light import Page, Shelf

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
