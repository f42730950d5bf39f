"""Alembic's entry: runs revisions on the connection it is given, inside its transaction."""

from alembic import context

from lib.db.schema import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, transactional_ddl=False)
context.run_migrations()
