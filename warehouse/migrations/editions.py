"""What tables of published rows have in common: from which publication to which a row stands."""

import sqlalchemy as sa
from alembic import op

from warehouse import guards

_UNTIL = "until_serial"


def edition() -> tuple[sa.Column[int], sa.Column[int]]:
    """The columns `serial` and `until_serial`."""
    return (
        sa.Column("serial", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            _UNTIL, sa.Integer(), comment="the publication that replaced it; null while it stands"
        ),
    )


def of_county(table: str) -> tuple[sa.Constraint, ...]:
    """That its rows are of a known county and period, and replaced after they were published."""
    return (
        sa.CheckConstraint("until_serial > serial", name=f"ck_{table}_replaced_later"),
        sa.ForeignKeyConstraint(
            ["county_code"], ["org_units.code"], name=f"fk_{table}_county_code"
        ),
        sa.ForeignKeyConstraint(["period"], ["periods.id"], name=f"fk_{table}_period"),
    )


def keep_editions(table: str) -> None:
    """Let nothing alter its rows, but for the publication that replaced one, written once."""
    guards.keep_rows(op.get_bind(), table, but_for=(_UNTIL,))
    guards.write_once(op.get_bind(), table, (_UNTIL,), _UNTIL)
