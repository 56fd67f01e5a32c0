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

_STANDING_BY = {
    "published_figures": ["county_code"],
    "published_returns": ["county_code"],
    "published_findings": ["county_code"],
    "published_comparisons": ["against", "rule"],
}
_BEFORE = {
    "published_figures": "ix_published_figures_period",
    "published_returns": "ix_published_returns_period_county_code",
    "published_findings": "ix_published_findings_period_county_code",
}


def upgrade() -> None:
    """Add the columns, which nothing may alter once they are written, and the indexes."""
    for table, name, kind, comment in _COLUMNS:
        op.add_column(table, sa.Column(name, kind, comment=comment))
        guards.keep_column(op.get_bind(), table, name)
    for table, name in _BEFORE.items():
        op.drop_index(name, table)
    key = ["form", "county_code", "measure", "until_serial"]
    _index("published_figures_replaced", key, "until_serial IS NOT NULL")
    for table, names in _STANDING_BY.items():
        _index(f"{table}_standing", names, "until_serial IS NULL")


def _index(name: str, columns: list[str], condition: str) -> None:
    """An index by period and some columns of rows that stand, or were replaced."""
    table, where = name.rpartition("_")[0], sa.text(condition)
    named = ["period", *columns]
    op.create_index(f"ix_{name}", table, named, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Undo it; nothing of it is a decision, or kept nowhere else."""
    for table in _STANDING_BY:
        op.drop_index(f"ix_{table}_standing", table)
    op.drop_index("ix_published_figures_replaced", "published_figures")
    for table, name in _BEFORE.items():
        op.create_index(name, table, ["period", "county_code"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, name, _, _ in _COLUMNS:
        op.execute(f"DROP TRIGGER keep_{table}_{name}_update{'' if sqlite else f' ON {table}'}")
        op.drop_column(table, name)
