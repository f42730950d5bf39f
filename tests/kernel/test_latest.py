"""What every visitor asks for is read by one at a time, and never that of another shop."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from lib.kernel.latest import Latest


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
