"""The HTML page under all screens: Streamlit's own, made this shop's.

Streamlit's page says ``lang="en"`` and "Streamlit" until the first run has been drawn, carries an
inline script that our policy refuses, and points programs at an API that is closed here. It is read
once and given the language, the name, the icon, one stylesheet and one script (lib/web/assets).
"""

import re
from functools import lru_cache
from pathlib import Path

import streamlit

from lib.kernel.words import N_
from lib.shop.language import translator

_INLINE_SCRIPT = re.compile(r"<!-- initialize window\.prerenderReady.*?</script>", re.S)
_AGENT_LINK = re.compile(r"<!--\s*Machine-readable pointer.*?openapi\.json\" />", re.S)
_WITHOUT_SCRIPT = re.compile(r"<noscript>.*?</noscript>", re.S)
_HTML_LANGUAGE = {"zh_CN": "zh-CN", "en": "en"}
_OURS = (
    '<link rel="stylesheet" href="/assets/frame.css">\n'
    '    <script type="module" src="/assets/frame.js"></script>\n  </head>'
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
