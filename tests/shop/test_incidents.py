"""What the log keeps of a fault, and what it does not (R20, C9, D9, E15)."""

import logging
from collections.abc import Iterator
from logging.handlers import RotatingFileHandler
from pathlib import Path

import pytest

from lib.shop import incidents
from lib.shop.place import Place
from lib.ui import error_hook


@pytest.fixture
def log(place: Place) -> Iterator[Path]:
    yield incidents.keep_log(place)
    for name in incidents._HEARD:
        logger = logging.getLogger(name)
        for handler in [h for h in logger.handlers if isinstance(h, RotatingFileHandler)]:
            logger.removeHandler(handler)
            handler.close()


def fault(message: str) -> Exception:
    try:
        raise ValueError(message)
    except ValueError as error:
        return error


def test_a_fault_is_logged_under_its_number(log: Path) -> None:
    number = incidents.record(fault("the scales fell over"))
    written = log.read_text("utf-8")
    assert number in written
    assert "the scales fell over" in written
    assert "Traceback" in written
    assert incidents.record(fault("again")) != number


@pytest.mark.parametrize(
    ("secret", "left"),
    [
        ("13800138000", "138****8000"),
        ("电话13800138000，谢谢", "138****8000"),
        ("PUT /_stcore/upload_file/abc-1/def-2 failed", "failed"),
        ("/auth/finish?code=abc&next=/", "next=/"),
        ("q7" * 22, "***"),
    ],
)
def test_what_identifies_a_person_or_opens_a_door_is_masked(
    log: Path, secret: str, left: str
) -> None:
    incidents.record(fault(secret))
    written = log.read_text("utf-8")
    assert left in written
    for part in ("13800138000", "abc-1", "code=abc", "q7" * 22):
        assert part not in written


def test_the_log_stays_small(log: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handler = next(
        h for h in logging.getLogger("linli").handlers if isinstance(h, RotatingFileHandler)
    )
    assert handler.maxBytes * (handler.backupCount + 1) <= 50 * 1024 * 1024
    monkeypatch.setattr(handler, "maxBytes", 2000)
    for _ in range(200):
        incidents.record(fault("x" * 30))
    assert len(list(log.parent.glob("linli.log*"))) == incidents.LOG_FILES


def test_the_screen_shows_the_number_and_nothing_else(
    log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(error_hook.st, "error", lambda text, **_: shown.append(text))
    assert error_hook.on_script_error(fault("芳姐 13800138000")) is True
    assert "芳姐" not in shown[0]
    assert any(part in log.read_text("utf-8") for part in shown[0].replace("。", " ").split())
