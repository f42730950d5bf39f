"""The database: engine, types, tables, migrations.

SQLite by default, PostgreSQL when a shop outgrows one machine.
"""
