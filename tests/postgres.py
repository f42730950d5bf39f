"""A throw-away PostgreSQL server for tests, on a local port, gone afterwards.

It promises nothing after a power cut and never tidies up by itself: rows lie in the order in which
a test wrote them, and no background work disturbs another test.
"""

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text

from lib.db import schema

HASTY = "fsync=off", "full_page_writes=off", "synchronous_commit=off", "autovacuum=off"
LARGE = 1024 * 1024
"""Bytes of a table from which deleted rows are in the way of the next tests."""


@dataclass
class Cluster:
    """A running server; ``url`` opens its empty database."""

    programs: Path
    folder: Path
    url: str
    user: str | None

    def stop(self) -> None:
        _run(
            self.user, self.programs / "pg_ctl", "-D", self.folder / "db", "-m", "immediate", "stop"
        )
        shutil.rmtree(self.folder, ignore_errors=True)


def find_server() -> Path | None:
    """Return the folder with initdb and pg_ctl; None where no server is installed."""
    named = os.environ.get("LINLI_POSTGRESQL_BIN")
    if named:
        return Path(named)
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = shutil.which("initdb")
    if found:
        candidates.append(Path(found).resolve().parent)
    homes = [Path("/opt/homebrew/bin"), Path("/usr/local/bin")]
    for folder in [*candidates, *homes]:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    return None


def start_cluster() -> Cluster:
    """Start a server; as root it runs as another user, because PostgreSQL refuses root."""
    programs = find_server()
    assert programs is not None
    user = _other_user() if hasattr(os, "geteuid") and os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="linli-pg-"))
    if user:
        shutil.chown(folder, user)
    port = _free_port()
    hasty = " ".join(f"-c {setting}" for setting in HASTY)
    options = f"-p {port} -c listen_addresses=127.0.0.1 {hasty} -k {folder}"
    _run(user, programs / "initdb", "-D", folder / "db", "-U", "linli", "-A", "trust", "-E", "UTF8")
    _run(
        user,
        programs / "pg_ctl",
        *("-D", folder / "db", "-w", "-o", options, "-l", folder / "log", "start"),
    )
    url = f"postgresql+psycopg://linli@127.0.0.1:{port}/postgres"
    return Cluster(programs, folder, url, user)


def empty(connection: Connection) -> None:
    """Take all rows out of all tables and count from 1 again.

    TRUNCATE makes the files of every table and index anew, which costs more than most tests; rows
    are deleted without asking triggers and foreign keys as long as there are few.
    """
    names = [table.name for table in schema.metadata.sorted_tables]
    sizes = ", ".join(f"pg_relation_size('{name}')" for name in names)
    if connection.execute(text(f"SELECT greatest({sizes})")).scalar_one() > LARGE:
        connection.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY CASCADE"))
        return
    connection.execute(text("SET LOCAL session_replication_role = replica"))
    filled = (f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names)
    for name in connection.execute(text(" UNION ALL ".join(filled))).scalars().all():
        connection.execute(text(f"DELETE FROM {name}"))
    connection.execute(text("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence"))


def _other_user() -> str:
    import pwd  # not on Windows, where nobody is root

    for name in ("postgres", "nobody"):
        try:
            pwd.getpwnam(name)
        except KeyError:
            continue
        return name
    return getpass.getuser()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(user: str | None, *command: object) -> None:
    words = [str(word) for word in command]
    # The server keeps pg_ctl's output open for as long as it runs: a pipe would never end.
    output = subprocess.DEVNULL if "start" in words else subprocess.PIPE
    done = subprocess.run(
        words, user=user, stdout=output, stderr=output, text=True, cwd="/", check=False, timeout=60
    )
    if done.returncode != 0 and "stop" not in words:
        raise RuntimeError(f"{words[0]} failed: {done.stderr}")
