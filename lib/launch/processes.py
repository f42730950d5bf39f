"""Children of the launcher: their environment, and how they end."""

import os
import subprocess
from collections.abc import Mapping

STOP_SECONDS = 8.0


def clean_environment() -> dict[str, str]:
    """Return this environment for a child: UTF-8 text, and no other Python's packages."""
    environment = dict(os.environ)
    for name in ("PYTHONHOME", "PYTHONPATH", "__PYVENV_LAUNCHER__"):
        environment.pop(name, None)
    return environment | {"PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}


def in_ci(environment: Mapping[str, str]) -> bool:
    """Say whether this is an unattended run (the variable CI)."""
    return environment.get("CI", "").lower() not in ("", "0", "false")


def stop(child: subprocess.Popen[bytes]) -> None:
    """End ``child`` and wait for it: politely, then by force; a second Ctrl+C forces at once."""
    try:
        # On Windows terminate() is force, and the console has passed Ctrl+C to the child already.
        if os.name != "nt":
            child.terminate()
        child.wait(timeout=STOP_SECONDS)
    except (subprocess.TimeoutExpired, KeyboardInterrupt):
        child.kill()
        child.wait()
