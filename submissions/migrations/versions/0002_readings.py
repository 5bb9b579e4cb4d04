"""What people gave for answers in words."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.create_table(
        "reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(128), nullable=False),
        sa.Column("answer", sa.String(64), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("max_points", sa.Float(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reader", sa.Text(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reading"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_reading_submission_id"
        ),
        sa.CheckConstraint("points >= 0 AND points <= max_points", name=op.f("ck_reading_points")),
    )
    op.create_index("ix_reading_submission_id_item", "reading", ["submission_id", "item"])


def downgrade() -> None:
    """Drop the table and with it every score that a person gave."""
    op.drop_table("reading")
