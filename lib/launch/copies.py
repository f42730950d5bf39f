"""``python start.py backup [FOLDER]`` and ``python start.py restore ARCHIVE FOLDER``."""

import argparse
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from lib.launch.installation import FOR_SHOP, ensure_installed
from lib.launch.processes import clean_environment
from lib.launch.sentences import say, text
from lib.launch.storage import ROOT, data_folder


def back_up(arguments: list[str]) -> int:
    """Make one verified backup of database and files; the shop may stay open."""
    parser = argparse.ArgumentParser("python start.py backup", description=text("help_backup"))
    parser.add_argument("folder", nargs="?", help=text("help_backup_folder"))
    parser.add_argument("--data", metavar="DIR", help=text("help_data"))
    parser.add_argument("--demo", action="store_true", help=text("help_demo"))
    given = parser.parse_args(arguments)
    environment = books_environment(given.data, given.demo, os.environ)
    where = [str(Path(given.folder).resolve())] if given.folder else []
    return finished("backup_made", run(["make", *where], environment))


def put_back(arguments: list[str]) -> int:
    """Put a backup into a new, empty data folder."""
    parser = argparse.ArgumentParser("python start.py restore", description=text("help_restore"))
    parser.add_argument("archive", help=text("help_archive"))
    parser.add_argument("folder", help=text("help_restore_folder"))
    given = parser.parse_args(arguments)
    names = [str(Path(name).resolve()) for name in (given.archive, given.folder)]
    return finished("restored", run(["restore", *names], clean_environment()))


def books_environment(
    data: str | None, demo: bool, environment: Mapping[str, str]
) -> dict[str, str]:
    """Return the environment that names the data folder to copy."""
    folder = data_folder(data, demo, environment)
    return clean_environment() | {"LINLI_DATA": str(folder)}


def run(arguments: list[str], environment: dict[str, str]) -> int:
    """Run the backup room of the program; return its exit code."""
    python = ensure_installed(ROOT, FOR_SHOP)
    command = [str(python), "-m", "lib.shop.backup", *arguments]
    return subprocess.run(command, cwd=str(ROOT), env=environment, check=False).returncode


def finished(sentence: str, code: int) -> int:
    """Say that it is done, if it is."""
    if code == 0:
        say(sentence)
    return code
