"""Which open tab belongs to which session (C8, A22; finding 6).

Streamlit knows a tab by an id that works like a key: whoever shows it takes the tab over, and may
upload into it. Each run notes here whose tab it is; the doors ask before they let anybody near it.
"""

import threading
from collections import OrderedDict

MOST = 5000
_owners: "OrderedDict[str, int | None]" = OrderedDict()
_lock = threading.Lock()


def claim(tab: str, session_id: int | None) -> None:
    """Note that ``tab`` shows what ``session_id`` may see; None for a visitor without login."""
    with _lock:
        _owners[tab] = session_id
        _owners.move_to_end(tab)
        while len(_owners) > MOST:
            _owners.popitem(last=False)


def belongs(tab: str, session_id: int | None) -> bool:
    """Whether ``tab`` was last used by just that session; False for an unknown tab."""
    with _lock:
        return tab in _owners and _owners[tab] == session_id
