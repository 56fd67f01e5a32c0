"""What people were told, so that nobody is told the same thing twice.

Revision 0008.
"""

import sqlalchemy as sa
from alembic import op

from warehouse import guards
from warehouse.migrations.room import refuse_to_lose
from warehouse.types import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Make the table, and the triggers that keep its rows as they are."""
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False, comment="night, returns or reminder"),
        sa.Column(
            "about",
            sa.String(),
            nullable=False,
            comment="what tells it apart from others of its kind",
        ),
        sa.Column(
            "recipient",
            sa.String(),
            nullable=False,
            comment="the name of the contact in the settings",
        ),
        sa.Column(
            "as_of", UtcDateTime(), nullable=False, comment="what was known then is what it tells"
        ),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False, comment="when this happened"),
        sa.Column("reason", sa.String(), comment="why it failed"),
        sa.CheckConstraint(
            "event IN ('started', 'delivered', 'failed')", name="ck_notices_event_known"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
        comment="通知: one row per thing that happened to a notice",
    )
    op.create_index(
        "ix_notices_kind_recipient_about",
        "notices",
        ["kind", "recipient", "about"],
        unique=False,
    )
    guards.keep_rows(op.get_bind(), "notices")


def downgrade() -> None:
    """Undo it, unless it would lose who was told what."""
    refuse_to_lose({"notices": 0}, down_revision)
    op.drop_table("notices")
