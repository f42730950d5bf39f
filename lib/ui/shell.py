"""The HTML page under all screens: Streamlit's own, made this shop's.

Streamlit's page says ``lang="en"`` and "Streamlit" until the first run has been drawn, carries an
inline script that our policy refuses, and points programs at an API that is closed here. It is read
once and given the language, the name, the icon, one stylesheet and one script (lib/ui/assets).
The few pieces of HTML that the screens need beside Streamlit's elements are written here too, so
that they can be checked in one place; none of them contains text typed by people.
"""

import re
from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit

from lib.kernel.words import N_
from lib.shop.language import translator

ASSETS = Path(__file__).parent / "assets"
_INLINE_SCRIPT = re.compile(r"<!-- initialize window\.prerenderReady.*?</script>", re.S)
_AGENT_LINK = re.compile(r"<!--\s*Machine-readable pointer.*?openapi\.json\" />", re.S)
_WITHOUT_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.S)
_HTML_LANGUAGE = {"zh_CN": "zh-CN", "en": "en"}
_OURS = (
    '<link rel="stylesheet" href="/assets/frame.css">\n'
    '    <link rel="stylesheet" href="/assets/bring.css">\n'
    '    <script type="module" src="/assets/frame.js"></script>\n'
    '    <script type="module" src="/assets/bring.js"></script>\n'
    '    <script type="module" src="/assets/clipboard.js"></script>\n  </head>'
)


@lru_cache(maxsize=4)
def page(language: str) -> str:
    """Return the page for a browser that reads ``language``."""
    text = (Path(streamlit.__file__).parent / "static" / "index.html").read_text("utf-8")
    say = translator(language)
    without_script = say(
        N_("These screens need JavaScript. The price page does without: open /p/prices.")
    )
    text = _INLINE_SCRIPT.sub("", _AGENT_LINK.sub("", text))
    text = _WITHOUT_SCRIPT.sub(f"<noscript><p>{without_script}</p></noscript>", text)
    for old, new in (
        ('<html lang="en">', f'<html lang="{_HTML_LANGUAGE[language]}">'),
        ("<title>Streamlit</title>", "<title>邻里 Linli</title>"),
        ('href="./favicon.png"', 'href="/assets/logo.svg"'),
        ("</head>", _OURS),
    ):
        text = text.replace(old, new, 1)
    return text


def language_mark(language: str, *, keep: bool) -> str:
    """Return the mark that tells frame.js the page's language; ``keep`` it for later visits."""
    kept = f' data-linli-keep="{escape(language)}"' if keep else ""
    return f'<span data-linli-language="{_HTML_LANGUAGE[language]}"{kept}></span>'


def sign_out_form(label: str) -> str:
    """Return the button that signs out: a form, so that no link of another site can do it."""
    button = f'<button type="submit">{escape(label)}</button>'
    return f'<form class="linli-sign-out" method="post" action="/auth/logout">{button}</form>'


def follow_link(href: str, label: str) -> str:
    """Return a link that frame.js follows by itself."""
    return f'<a data-linli-follow="1" href="{escape(href)}" target="_self">{escape(label)}</a>'
