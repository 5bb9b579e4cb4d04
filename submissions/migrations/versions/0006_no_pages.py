"""A report's page is made when somebody reads it: none is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Drop the pages; the reports that they were made from stay."""
    op.drop_table("page")


def downgrade() -> None:
    """Make room for pages again; those of earlier gradings come with the next grading."""
    op.create_table(
        "page",
        sa.Column("grading_id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("html", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["grading_id"], ["grading.id"], name=op.f("fk_page_grading_id")),
        sa.PrimaryKeyConstraint("grading_id", "language", name=op.f("pk_page")),
    )
