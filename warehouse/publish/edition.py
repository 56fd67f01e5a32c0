"""One publication in one language: the contents, and what every drawing of them needs to know."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import PurePosixPath

from schemas import messages
from schemas.findings import CellRef, Severity
from schemas.models import Form, OrgUnit
from schemas.text import Language
from warehouse.contents import (
    ConsolidatedRow,
    ConsolidatedTable,
    CountyCopy,
    FiledFinding,
    PublicationContents,
    Revision,
)
from warehouse.publish.words import Words
from warehouse.standings import Standing, Standings

LIST_NAME = "discrepancies.xlsx"
TABLES_NAME = "municipal-tables.xlsx"
CODEBOOK_PAGE, CODEBOOK_WORKBOOK = "codebook.html", "codebook.xlsx"
REPORT_NAME = "work-summary.xlsx"

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\/:*?\"<>|#%]+")
_LONGEST_STEM = 60  # characters; a file name may have 255 bytes, a Chinese character takes three
_ORDER = list(Severity)
_CELLS_SHOWN = 2


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

    def unit(self, unit: str | None) -> str:
        """A unit of measure as printed."""
        return self.contents.scheme.unit_label(unit, self.language)

    def form_of(self, filed: FiledFinding) -> Form | None:
        """The form a finding is about; None when it is about the whole file."""
        form = filed.finding.form
        return None if form is None else self.contents.scheme.form(form)

    def column_of(self, filed: FiledFinding) -> str:
        """The label of the column a finding is about, empty where there is none."""
        form, name = self.form_of(filed), filed.finding.indicator
        if form is None or name is None or name not in form.by_name:
            return ""
        return form[name].label.in_(self.language)

    def county_of(self, filed: FiledFinding) -> str:
        """The county a finding is about, or words that say it could not be told."""
        code = filed.finding.county
        if code is None:
            return self.words("all_files")
        return self.name(self.contents.scheme.county(code))

    def sheets_of(self, filed: FiledFinding) -> str:
        """The sheet of the cells of a finding; the first and their number, of several."""
        sheets = list(dict.fromkeys(cell.sheet for cell in filed.finding.cells))
        if len(sheets) <= 1:
            return "".join(sheets)
        return self.words("and_more_sheets", sheet=sheets[0], count=len(sheets))

    def cells_of(self, filed: FiledFinding) -> str:
        """The addresses of the cells of a finding; the first ones and their number, of many."""
        cells = filed.finding.cells
        shown = cells[:_CELLS_SHOWN] if len({cell.sheet for cell in cells}) == 1 else cells[:1]
        listed = self.words.listed(cell.address for cell in shown)
        if len(cells) == len(shown):
            return listed
        return self.words("and_more_cells", cells=listed, count=len(cells))

    def fact(self, filed: FiledFinding) -> str:
        """What is wrong, with the numbers."""
        return messages.fact(filed.finding, self.language)

    def diagnosis(self, filed: FiledFinding) -> str:
        """What it probably comes from; empty where nothing can be said."""
        return messages.diagnosis(filed.finding, self.language)

    def rule_of(self, filed: FiledFinding) -> str:
        """What should hold, in words, with its id; of what is no check the name of the finding."""
        rule = filed.finding.rule
        if rule is None or rule not in self._statements:
            return messages.name(filed.finding, self.language)
        return f"{self._statements[rule]} ({rule})"

    @cached_property
    def _statements(self) -> Mapping[str, str]:
        return {
            result.check: result.statement.in_(self.language)
            for checks in self.contents.checks
            for result in checks.results
        }

    def remedy(self, filed: FiledFinding) -> str:
        """What to do about it."""
        return messages.remedy(filed.finding, self.language)

    @cached_property
    def findings(self) -> tuple[FiledFinding, ...]:
        """All findings, the gravest and those of the largest effect first, then by place."""
        return tuple(sorted(self.contents.findings, key=_rank))

    def findings_of(self, county: OrgUnit) -> tuple[FiledFinding, ...]:
        """The findings of one county, without those of rules on trial: stewards alone see them."""
        return tuple(
            filed
            for filed in self.findings
            if filed.finding.county == county.code and not filed.finding.trial
        )

    def gravity_of(self, filed: FiledFinding) -> str:
        """How grave a finding is, in words, or that its rule is on trial."""
        if filed.finding.trial:
            return self.words("severity_trial")
        return self.words.severity(filed.finding.severity)

    def age_of(self, filed: FiledFinding) -> Decimal | None:
        """For how many days a finding has stood."""
        return None if filed.since is None else Decimal((self.contents.as_of - filed.since).days)

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
        """The forms that a county owes and has no accepted return of."""
        return [
            self.form_title(table.form)
            for table in self.contents.tables
            if county in [row.unit for row in lacking(table)]
        ]

    def folder(self, county: OrgUnit) -> str:
        """The folder of what goes back to a county, relative to the publication."""
        return f"counties/{county.code}-{_UNSAFE.sub('_', self.name(county))}"

    def list_path(self, county: OrgUnit) -> str:
        """The county's own discrepancy list, relative to the publication."""
        return f"{self.folder(county)}/{LIST_NAME}"

    @cached_property
    def copy_paths(self) -> Mapping[tuple[str, str], str]:
        """Where the copy of a county's file lies, by county code and sha256 of the original."""
        return {
            (county.code, copy.sha256): f"{self.folder(county)}/{name}"
            for county in self.filers
            for copy, name in _named(self.contents.copies.get(county.code, ()))
        }

    def copy_path(self, filed: FiledFinding) -> str | None:
        """Where the marked copy of the file of a finding lies; None where there is none."""
        county = filed.finding.county
        if county is None or filed.sha256 is None:
            return None
        return self.copy_paths.get((county, filed.sha256))


def folder_name(serial: int) -> str:
    """The name of the folder of a publication, in that of its period."""
    return f"{serial:04d}"


def lacking(table: ConsolidatedTable) -> tuple[ConsolidatedRow, ...]:
    """The rows of those who owe the form and have no accepted return."""
    return tuple(row for row in table.owing if row.reported is False)


def _arrived(revision: Revision) -> bool:
    return revision.version_before is None and revision.version_after is not None


def quoted(cell: CellRef) -> str:
    """A cell as Excel writes it in a link: 'sheet'!A1."""
    return "'" + cell.sheet.replace("'", "''") + f"'!{cell.address}"


def _rank(filed: FiledFinding) -> tuple[object, ...]:
    finding = filed.finding
    effect = -1 if finding.effect is None else abs(finding.effect)
    place = (finding.county or "~", finding.form or "", filed.file_name or "", finding.key)
    return (_ORDER.index(finding.severity), -effect, *place)


def _named(copies: Sequence[CountyCopy]) -> list[tuple[CountyCopy, str]]:
    """A file name for every copy: its own, made safe for any file system, and not used before."""
    taken = {LIST_NAME}
    named = []
    for copy in copies:
        own = PurePosixPath(copy.file_name.replace("\\", "/")).name
        path = PurePosixPath(_UNSAFE.sub("_", own).strip(". ") or "_")
        stem = path.stem[:_LONGEST_STEM]
        name = stem + path.suffix
        if name.casefold() in taken:
            name = f"{stem}-{copy.sha256[:8]}{path.suffix}"
        taken.add(name.casefold())
        named.append((copy, name))
    return named
