"""A token may be for one course alone."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the course; a token without one opens all courses of its owner."""
    with op.batch_alter_table("token") as table:
        table.add_column(sa.Column("course_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_token_course_id"), "course", ["course_id"], ["id"])


def downgrade() -> None:
    """Drop the course."""
    with op.batch_alter_table("token") as table:
        table.drop_constraint(op.f("fk_token_course_id"), type_="foreignkey")
        table.drop_column("course_id")
