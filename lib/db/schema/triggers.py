"""Triggers in the words of both databases: statements that run for every row an event touches."""

from collections.abc import Iterable, Sequence

Trigger = tuple[str, str, Sequence[str]]
"""Its name, its event (``AFTER INSERT ON …``) and its statements, which know ``OLD``, ``NEW``."""


def trigger_statements(triggers: Iterable[Trigger], dialect: str) -> list[str]:
    """Return the DDL of ``triggers`` for ``sqlite`` or ``postgresql``."""
    statements = []
    for name, event, steps in triggers:
        body = "; ".join(steps)
        if dialect == "postgresql":
            statements += [
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {body}; RETURN NULL; END $$",
                f"CREATE TRIGGER {name} {event} FOR EACH ROW EXECUTE FUNCTION {name}()",
            ]
        else:
            statements.append(f"CREATE TRIGGER {name} {event} BEGIN {body}; END")
    return statements
