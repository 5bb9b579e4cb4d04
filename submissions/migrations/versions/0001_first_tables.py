"""Submissions, gradings and the results of their items."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Create the tables."""
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment", sa.String(32), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint(
            "assignment", "name", "digest", name="uq_submission_assignment_name_digest"
        ),
    )
    op.create_table(
        "grading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("suite_version", sa.String(64), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(64), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("max_score", sa.Float(), nullable=False),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_grading"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_grading_submission_id"
        ),
        sa.UniqueConstraint(
            "submission_id",
            "suite_version",
            "attempt",
            name="uq_grading_submission_id_suite_version_attempt",
        ),
        sa.CheckConstraint(
            "status IN ('graded', 'rejected', 'faulted')", name=op.f("ck_grading_status")
        ),
    )
    op.create_table(
        "item_result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("grading_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.String(128), nullable=False),
        sa.Column("verdict", sa.String(32), nullable=False),
        sa.Column("points", sa.Float(), nullable=False),
        sa.Column("max_points", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_item_result"),
        sa.ForeignKeyConstraint(["grading_id"], ["grading.id"], name="fk_item_result_grading_id"),
        sa.UniqueConstraint("grading_id", "item", name="uq_item_result_grading_id_item"),
    )
    op.create_index("ix_item_result_item", "item_result", ["item"])


def downgrade() -> None:
    """Drop the tables and with them every score."""
    op.drop_table("item_result")
    op.drop_table("grading")
    op.drop_table("submission")
