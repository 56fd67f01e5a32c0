"""What the warehouse was brought to, so that whoever only looks need not compare every table.

Revision 0002.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "upgrades",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision", sa.String(), nullable=False, comment="of the fixed tables"),
        sa.Column("scheme_version", sa.String(), nullable=False),
        sa.Column("scheme_fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_upgrades"),
        comment="升级: what the warehouse was brought to, the newest last",
    )


def downgrade() -> None:
    """Drop it."""
    op.drop_table("upgrades")
