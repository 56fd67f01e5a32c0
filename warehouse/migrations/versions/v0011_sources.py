"""Where lines stand, by which scheme was decided, and replaced figures that are found at once.

Revision 0011.
"""

import sqlalchemy as sa
from alembic import op

from warehouse import guards

revision = "0011"
down_revision = "0010"

# In rows that were there before, those of filings are found in their lines; the others stay blank.
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
    _find_rows()
    for table, name, _, _ in _COLUMNS:
        guards.keep_column(op.get_bind(), table, name)
    for table, name in _BEFORE.items():
        op.drop_index(name, table)
    key = ["form", "county_code", "measure", "until_serial"]
    _index("published_figures_replaced", key, "until_serial IS NOT NULL")
    for table, names in _STANDING_BY.items():
        _index(f"{table}_standing", names, "until_serial IS NULL")


def _find_rows() -> None:
    """Note where the lines stand that are kept of filings."""
    filings = sa.table("filings", *map(sa.column, ("id", "form", "first_row", "last_row")))
    connection = op.get_bind()
    there = sa.inspect(connection).get_table_names()
    for form in connection.scalars(sa.select(filings.c.form).distinct()).all():
        if f"form_{form}" not in there:
            continue
        lines = sa.table(f"form_{form}", sa.column("filing_id"), sa.column("row"))
        row, of_filing = lines.c.row, lines.c.filing_id == filings.c.id
        first, last = sa.select(sa.func.min(row)), sa.select(sa.func.max(row))
        connection.execute(
            sa.update(filings)
            .where(filings.c.form == form)
            .values(
                first_row=first.where(of_filing).scalar_subquery(),
                last_row=last.where(of_filing).scalar_subquery(),
            )
        )


def _index(name: str, columns: list[str], condition: str) -> None:
    """An index by period and some columns of rows that stand, or were replaced."""
    table, where = name.rpartition("_")[0], sa.text(condition)
    named = ["period", *columns]
    op.create_index(f"ix_{name}", table, named, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    """Undo it; no figure hangs on it, and where lines stand is found in them again."""
    for table in _STANDING_BY:
        op.drop_index(f"ix_{table}_standing", table)
    op.drop_index("ix_published_figures_replaced", "published_figures")
    for table, name in _BEFORE.items():
        op.create_index(name, table, ["period", "county_code"])
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table, name, _, _ in _COLUMNS:
        op.execute(f"DROP TRIGGER keep_{table}_{name}_update{'' if sqlite else f' ON {table}'}")
        op.drop_column(table, name)
