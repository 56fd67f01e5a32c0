"""The filing of each county, form and period that came last, whether it counts or not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, Subquery, and_, func, select

from warehouse.judging.reviews import Action, Review, last_reviews
from warehouse.tables import filings, submissions

OF = ("county_code", "form", "period")
"""What a filing is one of the versions of."""


@dataclass(frozen=True)
class LatestFiling:
    """The last recorded filing of a county, form and period, whether accepted or not.

    `status` is that of its recording, and `review` what a steward decided of it last.
    """

    id: int
    form: str
    county: str
    version: int
    status: str
    sha256: str
    file_name: str
    review: Review | None

    @property
    def refused(self) -> bool:
        """Whether it was refused, by the checks or by a steward."""
        decided = None if self.review is None else self.review.action
        return decided is Action.RETURNED or (
            self.status == "refused" and decided is not Action.ACCEPTED
        )


def latest_filings(
    connection: Connection, period_id: str, as_of: datetime
) -> tuple[LatestFiling, ...]:
    """The latest filing of each county and form of a period, in the order of recording.

    A filing that was withdrawn is as if it had not come.
    """
    reviewed = last_reviews(connection, as_of)
    of_period = filings.c.period == period_id
    last = latest_versions(reviewed, of_period, filings.c.recorded_at <= as_of)
    rows = connection.execute(
        select(
            filings.c.id,
            filings.c.form,
            filings.c.county_code.label("county"),
            filings.c.version,
            filings.c.status,
            filings.c.sha256,
            submissions.c.name.label("file_name"),
        )
        .join(last, and_(*(last.c[name] == filings.c[name] for name in (*OF, "version"))))
        .join(submissions, submissions.c.sha256 == filings.c.sha256)
        .where(of_period)
        .order_by(filings.c.id)
    ).mappings()
    return tuple(LatestFiling(**row, review=reviewed.get(row["id"])) for row in rows)


def latest_versions(reviewed: Mapping[int, Review], *which: ColumnElement[bool]) -> Subquery:
    """The number of the latest version of each county, form and period, of some or of all filings.

    `reviewed` are the last decisions: what was withdrawn is left out.
    """
    withdrawn = [of for of, last in reviewed.items() if last.action is Action.WITHDRAWN]
    of = [filings.c[name] for name in OF]
    return (
        select(*of, func.max(filings.c.version).label("version"))
        .where(filings.c.id.not_in(withdrawn), *which)
        .group_by(*of)
        .subquery("last")
    )
