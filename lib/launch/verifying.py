"""``python start.py verify [ARCHIVE]``: check every published price sheet (R20)."""

import argparse
import os
import subprocess
from pathlib import Path

from lib.launch.copies import books_environment
from lib.launch.installation import FOR_SHOP, ensure_installed
from lib.launch.sentences import Problem, language, text
from lib.launch.storage import ROOT

NOT_DONE = 2
_LANGUAGES = {"zh": "zh_CN", "en": "en"}


def verify(arguments: list[str]) -> int:
    """Check the sheets of a shop or of a backup; 0 whole, 1 faults found, 2 not done.

    Nothing is changed, and the shop may stay open.
    """
    parser = argparse.ArgumentParser("python start.py verify", description=text("help_verify"))
    parser.add_argument("archive", nargs="?", help=text("help_verify_archive"))
    parser.add_argument("--data", metavar="DIR", help=text("help_data"))
    parser.add_argument("--demo", action="store_true", help=text("help_demo_data"))
    given = parser.parse_args(arguments)
    environment = books_environment(given.data, given.demo, os.environ)
    if given.demo:
        environment.pop("LINLI_DATABASE_URL", None)
    try:
        python = ensure_installed(ROOT, FOR_SHOP)
    except Problem as problem:
        problem.code = NOT_DONE  # 1 would say that faults were found
        raise
    command = [str(python), "-m", "lib.trust.costs.checking", "--language", _LANGUAGES[language()]]
    if given.archive:
        command.append(str(Path(given.archive).resolve()))
    return subprocess.run(command, cwd=str(ROOT), env=environment, check=False).returncode
