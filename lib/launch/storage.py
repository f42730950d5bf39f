"""The data folder, and room on the disk."""

import errno
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from lib.launch.sentences import Problem

ROOT = Path(__file__).resolve().parents[2]
DATA_MEGABYTES = 50


def full_disk(folder: Path, needed: int) -> Problem:
    """Return the sentence for a full disk; ``needed`` in MB."""
    free = shutil.disk_usage(str(folder)).free // 1000000
    return Problem("disk_full", folder=folder, needed=needed, free=free)


def check_room(folder: Path, needed: int) -> None:
    """Raise Problem unless ``needed`` MB are free where ``folder`` is."""
    if shutil.disk_usage(str(folder)).free < needed * 1000000:
        raise full_disk(folder, needed)


def data_folder(given: str | None, demo: bool, environment: Mapping[str, str]) -> Path:
    """Return the data folder: --data, else demo-data for the demo, else LINLI_DATA, else data."""
    if given:
        return Path(given).expanduser().resolve()
    if demo:
        return ROOT / "demo-data"
    return Path(environment.get("LINLI_DATA") or ROOT / "data").expanduser().resolve()


def prepare_data_folder(folder: Path) -> None:
    """Make the data folder, readable by its owner only, and try to write. Raises Problem."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=str(folder)) as probe:
            probe.write(b"\0" * 65536)
            probe.flush()
    except (FileExistsError, NotADirectoryError):
        raise Problem("not_a_folder", folder=folder) from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise full_disk(existing_parent(folder), DATA_MEGABYTES) from None
        raise Problem("cannot_write", folder=folder) from None
    check_room(folder, DATA_MEGABYTES)


def existing_parent(folder: Path) -> Path:
    """Return ``folder`` or the nearest folder above it that exists."""
    return next(each for each in [folder, *folder.parents] if each.exists())


def setup_code(data: Path) -> str | None:
    """Return the one-time code that the program keeps in the data folder until an owner exists."""
    try:
        return (data / "setup-code.txt").read_text(encoding="utf-8").strip() or None
    except OSError:
        return None
