"""Write the next revision from the difference between the tables and the newest revision.

``python -m lib.db.migrations.draft 0002 "points ledger"``. Read what it wrote: Alembic sees tables,
columns and indexes; the triggers of new append-only tables are added here.
"""

import sys
import tempfile
from pathlib import Path

from alembic import command

from lib.db.engine import open_store
from lib.db.migrations import HERE, configuration
from lib.db.schema import APPEND_ONLY
from lib.kernel.clock import SystemClock


def main(revision: str, message: str) -> None:
    """Write ``versions/<revision>_<message>.py``."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'draft.db'}")
        with store.write() as connection:
            config = configuration(connection)
            if list((HERE / "versions").glob("*.py")):
                command.upgrade(config, "head")
            config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
            command.revision(config, message, autogenerate=True, rev_id=revision)
        store.close()
    _add_triggers(HERE / "versions", revision)
    print(f"written at {SystemClock().now():%H:%M} UTC; now read it")


def _add_triggers(versions: Path, revision: str) -> None:
    (path,) = versions.glob(f"{revision}_*.py")
    written = path.read_text(encoding="utf-8")
    names = [name for name in APPEND_ONLY if f"op.create_table('{name}'" in written]
    if not names:
        return
    loop = (
        f"    for name in {names!r}:\n"
        "        for statement in guarded_statements(name, op.get_bind().dialect.name):\n"
        "            op.execute(sa.text(statement))\n"
    )
    written = written.replace(
        "import lib.db.types\n",
        "import lib.db.types\nfrom lib.db.schema import guarded_statements\n",
    )
    path.write_text(written + loop, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
