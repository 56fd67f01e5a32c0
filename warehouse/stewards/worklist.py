"""The filings that stewards decide about: what counts and what came last, and what was decided."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, literal, select

from schemas.findings import Severity, State
from schemas.models import PeriodEntry, Scheme
from warehouse.judging.judgements import ChangedJudgement, changed_judgements, judgements_of
from warehouse.judging.reviews import Action, Review, history, last_actions
from warehouse.stewards.standing import standing_findings
from warehouse.tables import filings, submissions
from warehouse.terms import live_at
from warehouse.types import UtcDateTime

FilingStanding = Literal[
    "accepted", "provisional", "refused", "returned", "withdrawn", "superseded"
]


@dataclass(frozen=True)
class ListedFiling:
    """A filing as a steward sees it, with everything that was decided about it, oldest first.

    `errors` are what it was refused for, or what no longer agrees with another return; `warnings`
    nobody has explained yet. While there are any a filing that counts is provisional. `judged`
    says how that came about: when it was judged again, and came out otherwise.
    """

    id: int
    form: str
    county: str
    period: str
    version: int
    file_name: str
    standing: FilingStanding
    errors: int
    warnings: int
    reviews: tuple[Review, ...]
    judged: tuple[ChangedJudgement, ...]

    @property
    def settled(self) -> bool:
        """Whether there is nothing to decide and nothing was decided."""
        return self.standing in ("accepted", "superseded") and not self.reviews


def worklist(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, as_of: datetime
) -> tuple[ListedFiling, ...]:
    """Every filing of a period in the order of recording."""
    live = live_at(literal(as_of, UtcDateTime())).label("live")
    rows = connection.execute(
        select(filings, submissions.c.name, live)
        .join(submissions, submissions.c.sha256 == filings.c.sha256)
        .where(filings.c.period == entry.id, filings.c.recorded_at <= as_of)
        .order_by(filings.c.id)
    ).all()
    open_ones = _open_findings(connection, scheme, entry, as_of)
    reviewed = history(connection, as_of)
    again = changed_judgements(
        connection, judgements_of(connection, [row.id for row in rows], as_of)
    )
    filed = _Filed(rows, last_actions(connection, as_of))
    return tuple(
        ListedFiling(
            id=row.id,
            form=row.form,
            county=row.county_code,
            period=row.period,
            version=row.version,
            file_name=row.name,
            standing=filed.standing(row, open_ones.get(row.id, ())),
            errors=open_ones.get(row.id, []).count(Severity.ERROR),
            warnings=open_ones.get(row.id, []).count(Severity.WARNING),
            reviews=tuple(review for review in reviewed if review.filing == row.id),
            judged=again.get(row.id, ()),
        )
        for row in rows
    )


class _Filed:
    """The filings of a period beside each other, with what was last decided of each."""

    def __init__(self, rows: Sequence[Row[Any]], actions: Mapping[int, Action]) -> None:
        self._actions = actions
        self._newest = {
            (row.county_code, row.form): row.version
            for row in rows
            if actions.get(row.id) is not Action.WITHDRAWN
        }
        self._counting = {(row.county_code, row.form): row.digest for row in rows if row.live}

    def standing(self, row: Row[Any], found: Collection[Severity]) -> FilingStanding:
        """How a filing stands of which something was found that nobody has settled."""
        of, action = (row.county_code, row.form), self._actions.get(row.id)
        is_newest = self._newest.get(of) == row.version
        same = row.status == "unchanged" and self._counting.get(of) == row.digest
        if row.live or (same and is_newest and action in (None, Action.ACCEPTED)):
            doubtful = Severity.ERROR in found or Severity.WARNING in found
            return "provisional" if doubtful else "accepted"
        if action is Action.WITHDRAWN:
            return "withdrawn"
        if not is_newest:
            return "superseded"
        # What said the same as one that was taken out since was taken out with it.
        returned = action is Action.RETURNED or row.status == "unchanged"
        return "returned" if returned else "refused"


def _open_findings(
    connection: Connection, scheme: Scheme, entry: PeriodEntry, as_of: datetime
) -> dict[int, list[Severity]]:
    """By filing, how grave the findings are that nobody has settled."""
    found: dict[int, list[Severity]] = {}
    for filed in standing_findings(connection, scheme, entry, as_of):
        if filed.filing is not None and filed.state is State.OPEN:
            found.setdefault(filed.filing, []).append(filed.finding.severity)
    return found
