"""One publication in one language: the contents, and what every drawing of them needs to know."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from schemas.consolidated.measures import Measure
from schemas.findings import CellRef, Severity
from schemas.models import Form, OrgUnit
from schemas.text import Language
from warehouse.consolidation.contents import (
    ConsolidatedRow,
    ConsolidatedTable,
    FiledFinding,
    PublicationContents,
    Revision,
)
from warehouse.consolidation.standings import Standing, Standings
from warehouse.publish.file_names import LIST_NAME, copy_names, folder_name, safe
from warehouse.publish.weights import Weights
from warehouse.publish.words import Words

_ORDER = list(Severity)


@dataclass(frozen=True)
class Edition:
    """A publication as it is drawn: what is in it depends on its contents and language alone."""

    contents: PublicationContents
    language: Language

    @cached_property
    def words(self) -> Words:
        """The words of its language."""
        return Words(self.language)

    @property
    def number(self) -> str:
        """The number it is quoted by."""
        return f"{self.contents.period.id}-{folder_name(self.contents.serial)}"

    @property
    def filers(self) -> tuple[OrgUnit, ...]:
        """Everybody who files something of the period."""
        return self.contents.scheme.filers(table.form for table in self.contents.tables)

    @property
    def earlier(self) -> str | None:
        """The folder of the publication before; None where this is the first."""
        serial = self.contents.serial
        return folder_name(serial - 1) if serial > 1 else None

    @property
    def signature(self) -> str:
        """Its number and the moment it shows, as printed under everything; and when it is final."""
        time = self.words.time(self.contents.as_of)
        told = [self.words("number", number=self.number), self.words("as_of", time=time)]
        if (closed := self.contents.closed) is not None:
            told.append(self.words("closed", day=self.words.day(closed.at), by=closed.by))
        return "　".join(told)

    @property
    def period(self) -> str:
        """The period in words."""
        return self.contents.period.period.label(self.language)

    def name(self, unit: OrgUnit) -> str:
        """The name of a county or the municipality."""
        return unit.name.in_(self.language)

    def form_title(self, form: Form) -> str:
        """Code and title of a form."""
        return f"{form.code} {form.title.in_(self.language)}"

    def measure_title(self, measure: Measure) -> str:
        """The labels of a measure, from the outermost group to the innermost."""
        return " · ".join(label.in_(self.language) for label in measure.labels)

    def unit(self, unit: str | None) -> str:
        """A unit of measure as printed."""
        return self.contents.scheme.unit_label(unit, self.language)

    @cached_property
    def statements(self) -> Mapping[str, str]:
        """What must hold by each check of the publication, in words, by the id of the check."""
        return {
            result.check: result.statement.in_(self.language)
            for checks in self.contents.checks
            for result in checks.results
        }

    @cached_property
    def findings(self) -> tuple[FiledFinding, ...]:
        """All findings, the gravest and those that weigh most first, then by place."""
        return tuple(sorted(self.contents.findings, key=self._rank))

    def _rank(self, filed: FiledFinding) -> tuple[object, ...]:
        finding = filed.finding
        place = (finding.county or "~", finding.form or "", filed.file_name or "", finding.key)
        return (_ORDER.index(finding.severity), -self.weights.score(finding), *place)

    @cached_property
    def weights(self) -> Weights:
        """What findings do to the municipal figures of the publication."""
        return Weights.of(self.contents.tables)

    def findings_of(self, county: OrgUnit) -> tuple[FiledFinding, ...]:
        """The findings of one county, without those of rules on trial: stewards alone see them."""
        return tuple(
            filed
            for filed in self.findings
            if filed.finding.county == county.code and not filed.finding.trial
        )

    def tally(self, findings: Sequence[FiledFinding]) -> str:
        """How many findings there are, in all and by severity, as a sentence."""
        if not findings:
            return self.words("no_findings")
        severities = [filed.finding.severity for filed in findings]
        counts = {severity.value: severities.count(severity) for severity in Severity}
        return self.words("list_count", all=len(findings), **counts)

    def count(self, county: str | None, severity: Severity) -> int:
        """How many findings of a severity one county has; None counts those of no known county."""
        return sum(
            filed.finding.county == county and filed.finding.severity is severity
            for filed in self.findings
            if not filed.finding.trial
        )

    def standing(self, table: ConsolidatedTable, row: ConsolidatedRow) -> Standing:
        """What became of the return of one county."""
        return self._standings.of(table, row)

    @cached_property
    def _standings(self) -> Standings:
        return Standings(self.contents)

    def completeness_note(self, table: ConsolidatedTable) -> str:
        """How many of the counties that owe a form have reported it, and who has not.

        Also whose figures are those of an earlier return, as a later one was refused.
        """
        owing, reported = len(table.owing), len(table.reported)
        if table.form.of_municipality:
            whole = "complete" if reported else "lacking"
            note = self.words(f"city_{whole}", name=self.name(self.contents.scheme.municipality))
        elif owing == reported:
            note = self.words("complete", owing=owing)
        else:
            names = self.words.listed([self.name(row.unit) for row in lacking(table)])
            note = self.words("incomplete", owing=owing, reported=reported, names=names)
        earlier = [
            self.name(row.unit)
            for row in table.reported
            if self.standing(table, row) is Standing.EARLIER
        ]
        if earlier:
            note += self.words("earlier_counts", names=self.words.listed(earlier))
        return note

    def revised(self, county: OrgUnit | None = None) -> tuple[Revision, ...]:
        """The figures that were published before and are others now, of one county or of all.

        A return that came for the first time revises no figure of its county.
        """
        return tuple(
            revision
            for revision in self.contents.revisions
            if county in (None, revision.unit) and not _arrived(revision)
        )

    def cause(self, revision: Revision) -> str:
        """Why a figure is another one now, and whether it had been closed."""
        told = self.words(f"cause_{revision.cause}")
        return f"{told} ({self.words('after_closing')})" if revision.after_closing else told

    def arrivals(self, county: OrgUnit | None = None) -> str:
        """Whose first returns of which forms are in the figures now, as a sentence or nothing."""
        came: dict[OrgUnit, dict[str, None]] = {}
        for revision in self.contents.revisions:
            if county in (None, revision.unit) and _arrived(revision):
                came.setdefault(revision.unit, {})[revision.form.code] = None
        names = [f"{self.name(unit)}({self.words.listed(forms)})" for unit, forms in came.items()]
        return self.words("arrivals", names=self.words.listed(names)) if names else ""

    def lacking_forms(self, county: OrgUnit) -> list[str]:
        """The forms that a county owes and has no accepted return of; in a word where it is all."""
        rows = [
            (table, row)
            for table in self.contents.tables
            for row in table.owing
            if row.unit.code == county.code
        ]
        lacked = [table for table, row in rows if row.reported is False]
        if len(lacked) == len(rows) > 1:
            return [self.words("all_owed", forms=len(rows))]
        return [self.form_title(table.form) for table in lacked]

    def folder(self, county: OrgUnit) -> str:
        """The folder of what goes back to a county, relative to the publication."""
        return f"counties/{county.code}-{safe(self.name(county))}"

    def list_path(self, county: OrgUnit) -> str:
        """The county's own discrepancy list, relative to the publication."""
        return f"{self.folder(county)}/{LIST_NAME}"

    @cached_property
    def copy_paths(self) -> Mapping[tuple[str, str], str]:
        """Where the copy of a county's file lies, by county code and sha256 of the original."""
        return {
            (county.code, copy.sha256): f"{self.folder(county)}/{name}"
            for county in self.filers
            for copy, name in copy_names(self.contents.copies.get(county.code, ()))
        }


def lacking(table: ConsolidatedTable) -> tuple[ConsolidatedRow, ...]:
    """The rows of those who owe the form and have no accepted return."""
    return tuple(row for row in table.owing if row.reported is False)


def _arrived(revision: Revision) -> bool:
    return revision.version_before is None and revision.version_after is not None


def quoted(cell: CellRef) -> str:
    """A cell as Excel writes it in a link: 'sheet'!A1."""
    return "'" + cell.sheet.replace("'", "''") + f"'!{cell.address}"
