"""Publications that were made before there was a contract to write them into."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection, func, select

from schemas.models import Scheme
from schemas.period import Period
from warehouse.mart import tables
from warehouse.stewards.publication_contents import publication_contents
from warehouse.tables import publications


def unknown_publications(
    connection: Connection, scheme: Scheme
) -> Sequence[tuple[str, int, datetime]]:
    """The last publication of every period of which the contract says nothing: period, serial and
    the moment it shows.

    Of a period for which nothing is owed it has nothing to say.
    """
    owed = [entry.id for entry in scheme.periods if _is_owed(scheme, entry.period)]
    last = func.max(publications.c.serial).over(partition_by=publications.c.period).label("last")
    numbered = select(publications, last).subquery()
    known = select(tables.returns.c.form).where(tables.returns.c.period == numbered.c.period)
    rows = connection.execute(
        select(numbered.c.period, numbered.c.serial, numbered.c.as_of)
        .where(
            numbered.c.serial == numbered.c.last,
            ~known.exists(),
            numbered.c.period.in_(owed),
        )
        .order_by(numbered.c.period)
    )
    return rows.tuples().all()


def _is_owed(scheme: Scheme, period: Period) -> bool:
    """Whether somebody owes some form for a period."""
    return any(scheme.owing(form, period) for form in scheme.at(period).forms)


def put_in(
    connection: Connection, scheme: Scheme, period: str, serial: int, as_of: datetime
) -> None:
    """Write a publication into the contract, as it would be made again today."""
    from warehouse.mart.store import store  # it imports pandas, and is rarely needed

    contents = publication_contents(connection, scheme, period, as_of)
    store(connection, replace(contents, serial=serial))
