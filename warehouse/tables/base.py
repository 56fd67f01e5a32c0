"""What all tables have in common: their metadata, and the parts that several of them share."""

from collections.abc import Sequence

from sqlalchemy import CheckConstraint, Column, ColumnElement, Index, MetaData, String, Text
from sqlalchemy.schema import SchemaItem

from warehouse.types import UtcDateTime

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def signed(decided: str) -> tuple[SchemaItem, ...]:
    """Why, by which steward and when: `why`, `<decided>_by`, `<decided>_at`, none of them empty."""
    by = f"{decided}_by"
    return (
        Column("why", Text, nullable=False),
        Column(by, String, nullable=False, comment="the steward"),
        Column(f"{decided}_at", UtcDateTime, nullable=False),
        CheckConstraint("length(why) > 0", name="has_a_reason"),
        CheckConstraint(f"length({by}) > 0", name="has_a_name"),
    )


def index_where(
    name: str,
    columns: Sequence[ColumnElement[object]],
    where: ColumnElement[bool],
    *,
    unique: bool = False,
) -> Index:
    """An index of those rows of a table that satisfy `where`, on either database."""
    return Index(name, *columns, unique=unique, sqlite_where=where, postgresql_where=where)
