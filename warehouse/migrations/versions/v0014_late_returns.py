"""The returns that are not in, or came late, have an index of their own.

Revision 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make it; its condition is that of the typical query, word by word, as SQLite wants it."""
    late = sa.text("until_serial IS NULL AND (standing IN ('missing', 'refused') OR days_late > 0)")
    op.create_index(
        "ix_published_returns_late",
        "published_returns",
        ["period", "form", "county_code"],
        sqlite_where=late,
        postgresql_where=late,
    )


def downgrade() -> None:
    """Undo it; nothing hangs on it."""
    op.drop_index("ix_published_returns_late", "published_returns")
