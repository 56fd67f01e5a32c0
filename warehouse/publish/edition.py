"""One publication in one language: the contents, and what every drawing of them needs to know."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
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
)
from warehouse.publish.words import Words

LIST_NAME = "discrepancies.xlsx"
TABLES_NAME = "municipal-tables.xlsx"

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\\/:*?\"<>|#%]+")
_LONGEST_STEM = 60  # characters; a file name may have 255 bytes, a Chinese character takes three
_ORDER = list(Severity)
_CELLS_ON_SHEETS = 2


class Standing(StrEnum):
    """What became of the return of one form that a county owes, or does not owe."""

    ACCEPTED = "accepted"
    MISSING = "missing"
    REFUSED = "refused"
    NOT_OWED = "not_owed"


@dataclass(frozen=True)
class Edition:
    """A publication as it is drawn. `earlier` names the folder of the publication before."""

    contents: PublicationContents
    language: Language
    earlier: str | None = None

    @cached_property
    def words(self) -> Words:
        """The words of its language."""
        return Words(self.language)

    @property
    def number(self) -> str:
        """The number it is quoted by."""
        return f"{self.contents.period.id}-{self.contents.serial:04d}"

    @property
    def signature(self) -> str:
        """Its number and the moment it shows, as printed under everything."""
        time = self.words.time(self.contents.as_of)
        return f"{self.words('number', number=self.number)}　{self.words('as_of', time=time)}"

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
        """The sheets of the cells of a finding."""
        return self.words.listed(dict.fromkeys(cell.sheet for cell in filed.finding.cells))

    def cells_of(self, filed: FiledFinding) -> str:
        """The addresses of the cells of a finding; the first two, with their sheets, of several."""
        cells = filed.finding.cells
        if len({cell.sheet for cell in cells}) == 1:
            return self.words.listed(cell.address for cell in cells)
        shown = self.words.listed(str(cell) for cell in cells[:_CELLS_ON_SHEETS])
        if len(cells) <= _CELLS_ON_SHEETS:
            return shown
        return self.words("and_more_cells", cells=shown, count=len(cells))

    def fact(self, filed: FiledFinding) -> str:
        """What is wrong, with the numbers."""
        return messages.fact(filed.finding, self.language)

    def remedy(self, filed: FiledFinding) -> str:
        """What to do about it."""
        return messages.remedy(filed.finding, self.language)

    @cached_property
    def findings(self) -> tuple[FiledFinding, ...]:
        """All findings, the gravest and those of the largest effect first, then by place."""
        return tuple(sorted(self.contents.findings, key=_rank))

    def findings_of(self, county: OrgUnit) -> tuple[FiledFinding, ...]:
        """The findings of one county."""
        return tuple(filed for filed in self.findings if filed.finding.county == county.code)

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
        )

    def standing(self, table: ConsolidatedTable, row: ConsolidatedRow) -> Standing:
        """What became of the return of one county: a refused one left errors behind."""
        if row.reported is None:
            return Standing.NOT_OWED
        if row.reported:
            return Standing.ACCEPTED
        refusals = {(row.unit.code, None), (row.unit.code, table.form.code)}
        return Standing.MISSING if self._errors.isdisjoint(refusals) else Standing.REFUSED

    @cached_property
    def _errors(self) -> frozenset[tuple[str | None, str | None]]:
        """County and form code of every error in what came; no form where it is the whole file.

        A return for another period says nothing of this one.
        """
        return frozenset(
            (filed.finding.county, form.code if (form := self.form_of(filed)) else None)
            for filed in self.contents.findings
            if filed.finding.severity is Severity.ERROR
            and filed.sha256 is not None
            and filed.finding.period in (None, self.contents.period.id)
        )

    def completeness_note(self, table: ConsolidatedTable) -> str:
        """How many of the counties that owe a form have reported it, and who has not."""
        owing, reported = table.owing, table.reported
        if len(owing) == len(reported):
            return self.words("complete", owing=len(owing))
        names = self.words.listed([self.name(row.unit) for row in lacking(table)])
        return self.words("incomplete", owing=len(owing), reported=len(reported), names=names)

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
            for county in self.contents.scheme.counties
            for copy, name in _named(self.contents.copies.get(county.code, ()))
        }

    def copy_path(self, filed: FiledFinding) -> str | None:
        """Where the marked copy of the file of a finding lies; None where there is none."""
        county = filed.finding.county
        if county is None or filed.sha256 is None:
            return None
        return self.copy_paths.get((county, filed.sha256))


def lacking(table: ConsolidatedTable) -> tuple[ConsolidatedRow, ...]:
    """The rows of the counties that owe the form and have no accepted return."""
    return tuple(row for row in table.counties if row.reported is False)


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
