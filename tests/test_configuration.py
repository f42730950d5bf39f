"""The configuration the program stands on, value by value (reliability R10; stack.md 2.3)."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
from streamlit import config

ROOT = Path(__file__).parents[1]

WHY: dict[str, tuple[Any, str]] = {
    "server.address": ("127.0.0.1", "only this machine; start.py --lan opens it further"),
    "server.headless": (True, "start.py opens the browser once the shop answers"),
    "server.fileWatcherType": ("none", "nobody edits the program while it runs"),
    "server.maxUploadSize": (60, "MB; uploads lie in memory until they are saved"),
    "server.maxMessageSize": (20, "MB; a message from a browser lies in memory"),
    "server.enableStaticServing": (False, "files go through routes that ask who may see them"),
    "server.enableAgentApi": (False, "no program drives the screens"),
    "server.enableXsrfProtection": (True, "uploads need a token of our own page"),
    "server.enableCORS": (True, "no other site may connect"),
    "server.scriptHealthCheckEnabled": (False, "our /healthz does it without running a page"),
    "server.trustedUserHeaders": ({}, "nobody is believed because of a header"),
    "server.baseUrlPath": ("", "the shop's addresses begin at the root"),
    "browser.gatherUsageStats": (False, "no request leaves the shop"),
    "client.showErrorDetails": ("none", "a visitor sees an incident number, the log has the rest"),
    "client.toolbarMode": ("minimal", "no menu of a developer"),
    "client.disableDataExport": (True, "our own export writes no live formulas"),
    "client.showSidebarNavigation": (True, "the pages are the navigation"),
    "runner.magicEnabled": (False, "a bare expression prints nothing"),
    "runner.postScriptGC": (False, "measured: ten times the runs per second"),
    "runner.fastReruns": (True, "a later click does not wait for an earlier run"),
    "global.developmentMode": (False, "clients may not stop the server"),
    "logger.hideWelcomeMessage": (True, "the welcome asks the internet for our address"),
}


@pytest.fixture(scope="module", autouse=True)
def effective() -> None:
    config.get_config_options(force_reparse=True)


@pytest.mark.parametrize("name", WHY)
def test_the_effective_value(name: str) -> None:
    expected, why = WHY[name]
    assert config.get_option(name) == expected, why


def written() -> set[str]:
    """Return the options of the file, themes apart, as ``section.name``."""
    file = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text("utf-8"))
    return {f"{part}.{name}" for part in file if part != "theme" for name in file[part]}


def test_every_option_in_the_file_is_one_streamlit_knows() -> None:
    assert written() <= set(config.get_config_options())


def test_every_option_in_the_file_is_explained_here() -> None:
    assert written() <= set(WHY), "say why in the table above"


def test_both_themes_are_complete() -> None:
    for name in ("primaryColor", "backgroundColor", "secondaryBackgroundColor", "textColor"):
        for theme in ("light", "dark"):
            assert config.get_option(f"theme.{theme}.{name}")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_can_be_read_at_arms_length(theme: str) -> None:
    paper = config.get_option(f"theme.{theme}.backgroundColor")
    for name in ("textColor", "redTextColor", "orangeTextColor", "greenTextColor", "linkColor"):
        ink = config.get_option(f"theme.{theme}.{name}")
        assert contrast(ink, paper) >= 4.5, name
    for colour in ("red", "orange", "green", "blue"):
        ink = config.get_option(f"theme.{theme}.{colour}TextColor")
        badge = config.get_option(f"theme.{theme}.{colour}BackgroundColor")
        assert contrast(ink, badge) >= 4.5, colour


def test_type_is_not_small() -> None:
    assert config.get_option("theme.baseFontSize") >= 16


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 counts it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
