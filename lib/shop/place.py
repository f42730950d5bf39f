"""Where the shop's things lie on disk: database, uploads, backups, secrets, logs.

``LINLI_DATA`` names the folder (``./data`` by default), ``LINLI_DATABASE_URL`` a PostgreSQL
database instead of ``shop.db`` in it, ``LINLI_DEMO=1`` the demo shop.
"""

import os
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

SECRET_BYTES = 32
_making = Lock()


@dataclass(frozen=True)
class Place:
    """The data folder of one shop. ``database_url`` is the SQLAlchemy address of its books."""

    folder: Path
    database_url: str
    demo: bool = False

    @classmethod
    def from_environment(cls) -> "Place":
        """Return the place the environment names; nothing is created yet."""
        demo = os.environ.get("LINLI_DEMO") == "1"
        folder = Path(os.environ.get("LINLI_DATA") or ("demo-data" if demo else "data")).resolve()
        return cls(folder, os.environ.get("LINLI_DATABASE_URL") or _sqlite_url(folder), demo)

    @classmethod
    def at(cls, folder: Path, *, demo: bool = False) -> "Place":
        """Return the place in ``folder`` with a SQLite database."""
        return cls(folder.resolve(), _sqlite_url(folder.resolve()), demo)

    @property
    def uploads(self) -> Path:
        """Files by SHA-256."""
        return self.folder / "uploads"

    @property
    def backups(self) -> Path:
        """Verified copies of database and files."""
        return self.folder / "backups"

    @property
    def logs(self) -> Path:
        """Rotating logs."""
        return self.folder / "logs"

    @property
    def setup_code_file(self) -> Path:
        """The one-time code for creating the owner; present only until that is done."""
        return self.folder / "setup-code.txt"

    @property
    def lock_file(self) -> Path:
        """Held by the one process that may open this folder's database."""
        return self.folder / "linli.lock"

    def prepare(self) -> None:
        """Make the folders, readable by this user only."""
        for folder in (self.folder, self.uploads, self.backups, self.logs, self._secrets):
            folder.mkdir(parents=True, exist_ok=True)
        self._secrets.chmod(0o700)

    def secret(self, name: str) -> bytes:
        """Return the secret key ``name``, made at its first use and kept in a 0600 file."""
        return _secret(self._secrets / f"{name}.key")

    def has_secret(self, name: str) -> bool:
        """Whether the secret key ``name`` was made before; asking makes none."""
        return (self._secrets / f"{name}.key").is_file()

    @property
    def _secrets(self) -> Path:
        return self.folder / "secrets"


def _sqlite_url(folder: Path) -> str:
    return f"sqlite:///{(folder / 'shop.db').as_posix()}"


@lru_cache(maxsize=64)
def _secret(path: Path) -> bytes:
    with _making:  # two first visitors at once: one makes it, the other must not read half of it
        try:
            with open(path, "xb", opener=_private) as file:
                file.write(secrets.token_bytes(SECRET_BYTES))
        except FileExistsError:
            pass
        key = path.read_bytes()
    if len(key) < SECRET_BYTES:
        raise RuntimeError(f"the secret {path.name} is damaged: restore it from a backup")
    return key


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
