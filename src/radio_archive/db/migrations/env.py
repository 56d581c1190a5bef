"""Run by Alembic, on the connection that `Database.migrate` hands over."""

from alembic import context

from radio_archive.db.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite alters a table by copying it
)
context.run_migrations()
