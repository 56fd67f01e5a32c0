"""Where lines stand, by which scheme was decided, and replaced figures that are found at once.

Revision 0011.
"""

import sqlalchemy as sa
from alembic import op

from warehouse import guards

revision = "0011"
down_revision = "0010"

# They stay blank in rows that were there before.
_COLUMNS = (
    ("filings", "first_row", sa.Integer(), "of the sheet, where its first line stands"),
    ("filings", "last_row", sa.Integer(), "its last line"),
    ("reviews", "scheme_fingerprint", sa.String(), "of the scheme by which it was decided"),
    ("published_comparisons", "against_form", sa.String(), "the form it is compared with"),
)


def upgrade() -> None:
    """Add the columns, which nothing may alter once they are written, and the indexes."""
    for table, name, kind, comment in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, comment=comment))
        guards.keep_column(op.get_bind(), table, name)
    op.create_index("ix_publications_as_of", "publications", ["as_of"], unique=False)
    op.create_index(
        "ix_published_figures_replaced",
        "published_figures",
        ["period", "until_serial"],
        unique=False,
        sqlite_where=sa.text("until_serial IS NOT NULL"),
        postgresql_where=sa.text("until_serial IS NOT NULL"),
    )


def downgrade() -> None:
    """Undo it; nothing of it is a decision, or kept nowhere else."""
    op.drop_index("ix_published_figures_replaced", "published_figures")
    op.drop_index("ix_publications_as_of", "publications")
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, name, _, _ in _COLUMNS:
        op.execute(f"DROP TRIGGER keep_{table}_{name}_update{'' if sqlite else f' ON {table}'}")
        op.drop_column(table, name)
