"""What a publication holds, as plain values: filled by queries, drawn by `publish`."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from schemas.answers import FindingRef
from schemas.consolidated.measures import Measure
from schemas.findings import CheckResult, Finding, Severity, State
from schemas.models import Form, OrgUnit, PeriodEntry, Scheme
from warehouse.consolidation.comparisons import ComparedFigure
from warehouse.judging.explanations import Explained, Explanation, Subject, fitting
from warehouse.judging.reviews import Decision

if TYPE_CHECKING:
    from warehouse.lines.live_filings import LiveFiling  # it imports pandas, which looks do without


@dataclass(frozen=True)
class ConsolidatedRow:
    """The measures of one county, or of the municipality, in one form.

    `reported` is None for a county that does not owe the form and False for one that owes it and
    whose filing is missing or refused. A missing county has no values: it is never zero. Of a form
    that the municipality files, a county is reported that has lines in it, and none owes it.
    """

    unit: OrgUnit
    reported: bool | None
    values: Mapping[str, Decimal | None]


@dataclass(frozen=True)
class ConsolidatedTable:
    """The consolidated table of one form: the counties in order, then the municipality."""

    form: Form
    measures: tuple[Measure, ...]
    counties: tuple[ConsolidatedRow, ...]
    municipality: ConsolidatedRow

    @cached_property
    def owing(self) -> tuple[ConsolidatedRow, ...]:
        """The rows of the counties that owe the form, or of the municipality that does."""
        rows = (self.municipality,) if self.form.of_municipality else self.counties
        return tuple(row for row in rows if row.reported is not None)

    @cached_property
    def reported(self) -> tuple[ConsolidatedRow, ...]:
        """The rows of those who owe the form and whose filing was accepted."""
        return tuple(row for row in self.owing if row.reported)


@dataclass(frozen=True)
class FiledFinding:
    """A finding with the file it is about and how far people have come with it.

    What is said of a return that did not come is about no file. `line` tells the line apart that
    it is about, where it is about one. `explanation` is what was written about it last; where the
    finding is open, its value has left the range that was explained, or it was rejected. It stands
    from `since` on; None where it is about a return that did not come. `counts` says that the
    filing it is about counts all the same; `filing` is its number, None where it is about a whole
    file or none.
    """

    finding: Finding
    file_name: str | None
    sha256: str | None
    state: State
    line: str | None = None
    explanation: Explanation | None = None
    since: datetime | None = None
    counts: bool = False
    filing: int | None = None

    @property
    def unexplained(self) -> bool:
        """Whether somebody still has to amend or to explain it; until then it is provisional.

        An error that its filing has had from the start kept it from counting.
        """
        severity = self.finding.severity
        doubtful = severity is Severity.WARNING or (severity is Severity.ERROR and self.counts)
        return doubtful and self.state is State.OPEN

    @property
    def reference(self) -> FindingRef | None:
        """What an explanation of it is matched by; None where it is about no file."""
        return None if self.sha256 is None else FindingRef(self.sha256, self.finding.key)

    def explained_by(self, known: Explained) -> "FiledFinding":
        """The finding explained, or open with what was written of another value or in vain."""
        said = known.get(Subject.of(self.finding, self.line), ())
        if (fits := fitting(self.finding, said)) is not None:
            return replace(self, state=State.EXPLAINED, explanation=fits)
        in_vain = (each for each in said if each.covers.moves or each.rejected is not None)
        return replace(self, explanation=next(in_vain, None))


@dataclass(frozen=True)
class CountyCopy:
    """A workbook a county sent, whose copy goes back with marks in it."""

    file_name: str
    sha256: str
    content: bytes


class RevisionCause(StrEnum):
    """Why a published figure is another one now."""

    ARRIVED = "arrived"  # the first return came
    CORRECTED = "corrected"  # a later return was accepted
    LET_IN = "let_in"  # a steward let a return in that was refused
    TAKEN_OUT = "taken_out"  # a steward returned or withdrew the one that counted
    COUNTIES = "counties"  # figures of counties changed that this one is made of
    SCHEME = "scheme"  # the same returns, worked out by another scheme


@dataclass(frozen=True)
class Revision:
    """A published figure that changed since the publication before.

    `unit` is the county whose filing changed it, or the municipality; the versions are those of
    the filing before and after, None where there was none. `after_closing` says that the figure
    was published as final: the period was closed then.
    """

    form: Form
    measure: Measure
    unit: OrgUnit
    before: Decimal | None
    after: Decimal | None
    version_before: int | None
    version_after: int | None
    file_name: str | None
    cause: RevisionCause
    after_closing: bool

    @property
    def difference(self) -> Decimal | None:
        """By how much the figure changed; None where there was none before or is none now."""
        if self.before is None or self.after is None:
            return None
        return self.after - self.before


@dataclass(frozen=True)
class FormChecks:
    """The check results of one form summed over the counties' filings."""

    form: Form
    filings: int
    results: tuple[CheckResult, ...]


@dataclass(frozen=True)
class PublicationContents:
    """Everything one publication of one period shows.

    `closed` is the decision by which the period is closed; None while its figures may change.
    `live_filings` are those that its figures are made of, by form and who filed it.
    """

    scheme: Scheme
    period: PeriodEntry
    serial: int
    as_of: datetime
    tables: tuple[ConsolidatedTable, ...]
    findings: tuple[FiledFinding, ...]
    checks: tuple[FormChecks, ...]
    revisions: tuple[Revision, ...]
    copies: Mapping[str, tuple[CountyCopy, ...]]
    closed: Decision | None = None
    comparisons: tuple[ComparedFigure, ...] = ()
    live_filings: "Mapping[tuple[str, str], LiveFiling]" = field(default_factory=dict)
