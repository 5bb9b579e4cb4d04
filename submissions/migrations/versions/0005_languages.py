"""People read in a language of theirs; a grading has a page for each that somebody reads it in."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the languages; what there was is in English."""
    with op.batch_alter_table("person") as table:
        table.add_column(
            sa.Column("language", sa.String(length=8), nullable=False, server_default="")
        )
    with op.batch_alter_table("person") as table:
        table.alter_column("language", server_default=None)
    with op.batch_alter_table("page") as table:
        table.add_column(
            sa.Column("language", sa.String(length=8), nullable=False, server_default="en")
        )
        table.drop_constraint(op.f("pk_page"), type_="primary")
        table.create_primary_key(op.f("pk_page"), ["grading_id", "language"])
    with op.batch_alter_table("page") as table:
        table.alter_column("language", server_default=None)


def downgrade() -> None:
    """Keep the pages in English alone."""
    op.execute("DELETE FROM page WHERE language <> 'en'")
    with op.batch_alter_table("page") as table:
        table.drop_constraint(op.f("pk_page"), type_="primary")
        table.create_primary_key(op.f("pk_page"), ["grading_id"])
        table.drop_column("language")
    with op.batch_alter_table("person") as table:
        table.drop_column("language")
