"""index.html and validation.html: self-contained pages that open without a network or a script."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from schemas.findings import CheckResult, Severity
from schemas.models import OrgUnit
from warehouse.consolidation.contents import ConsolidatedTable, FormChecks, Revision
from warehouse.consolidation.standings import Standing
from warehouse.publish.edition import Edition, lacking
from warehouse.publish.figures import printed
from warehouse.publish.file_names import (
    CODEBOOK_PAGE,
    CODEBOOK_WORKBOOK,
    LIST_NAME,
    REPORT_NAME,
    TABLES_NAME,
)
from warehouse.publish.resources import resources
from warehouse.publish.told import Told

INDEX, VALIDATION = "index.html", "validation.html"

_KEY_FIGURES = 4
_MARKS = {
    Standing.ACCEPTED: "✓",
    Standing.PROVISIONAL: "?",
    Standing.EARLIER: "↺",
    Standing.MISSING: "○",
    Standing.REFUSED: "✗",
    Standing.NOT_OWED: "",
}
"""What stands for a standing where there are too many columns for words."""
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_TEMPLATES.filters["href"] = quote


@dataclass(frozen=True)
class Bar:
    """A row of counts drawn side by side; `shares` are percentages of the longest row."""

    name: str
    counts: tuple[int, ...]
    shares: tuple[float, ...]

    @property
    def total(self) -> int:
        """All counts together."""
        return sum(self.counts)


@dataclass(frozen=True)
class Tile:
    """A county on the tile map: its errors and warnings, and the worst standing of its returns."""

    name: str
    row: int
    column: int
    standing: Standing
    count: int


def pages(edition: Edition) -> dict[str, bytes]:
    """The pages by file name."""
    return {INDEX: page(INDEX, _index(edition)), VALIDATION: page(VALIDATION, _checks(edition))}


def page(template: str, values: dict[str, Any]) -> bytes:
    """A page drawn from one of the templates."""
    return _TEMPLATES.get_template(template).render(values).encode()


def _common(edition: Edition) -> dict[str, Any]:
    contents = edition.contents
    return {
        "edition": edition,
        "words": edition.words,
        "municipality": edition.name(contents.scheme.municipality),
        "scheme_title": contents.scheme.title.in_(edition.language),
        "issued_by": contents.scheme.issued_by.in_(edition.language),
        "severities": list(Severity),
        "lang": "zh-CN" if edition.language == "zh" else "en",
    }


def _index(edition: Edition) -> dict[str, Any]:
    contents = edition.contents
    return {
        **_common(edition),
        "tables_name": TABLES_NAME,
        "report_name": REPORT_NAME if any(t.form.report for t in contents.tables) else None,
        "list_name": LIST_NAME,
        "validation_name": VALIDATION,
        "codebook_names": (CODEBOOK_PAGE, CODEBOOK_WORKBOOK),
        "incomplete": sum(bool(lacking(table)) for table in contents.tables),
        "marks": _MARKS,
        "matrix": _matrix(edition),
        "figures": [(table, _key_figures(edition, table)) for table in contents.tables],
        "bars": bars(edition),
        "tiles": tiles(edition),
        "counties": [(unit, _county_files(edition, unit)) for unit in edition.filers],
        "resources": resources(edition),
        "revisions": [_revision(edition, revision) for revision in edition.revised()],
    }


def _matrix(edition: Edition) -> list[tuple[OrgUnit, list[Standing]]]:
    """The standing of every county in every form, county by county."""
    standings: dict[str, list[Standing]] = defaultdict(list)
    for table in edition.contents.tables:
        for row in table.counties:
            standings[row.unit.code].append(edition.standing(table, row))
    return [(unit, standings[unit.code]) for unit in edition.contents.scheme.counties]


def _key_figures(edition: Edition, table: ConsolidatedTable) -> list[tuple[str, str, str]]:
    """Label, figure and unit of the first municipal figures of a form."""
    told = []
    for measure in table.measures:
        value = table.municipality.values.get(measure.name)
        if value is not None:
            figure = printed(value, measure.decimals)
            told.append((edition.measure_title(measure), figure, edition.unit(measure.unit)))
    return told[:_KEY_FIGURES]


def bars(edition: Edition) -> list[Bar]:
    """Findings by county and severity, in the order of the counties."""
    codes: list[tuple[str, str | None]] = [
        (edition.name(unit), unit.code) for unit in edition.contents.scheme.counties
    ]
    if any(filed.finding.county is None for filed in edition.findings):
        codes.append((edition.words("all_files"), None))
    counts = [(name, [edition.count(code, s) for s in Severity]) for name, code in codes]
    longest = max((sum(row) for _, row in counts), default=0) or 1
    return [
        Bar(name, tuple(row), tuple(round(100 * count / longest, 2) for count in row))
        for name, row in counts
    ]


def tiles(edition: Edition) -> list[Tile]:
    """The counties that have a place on the tile map."""
    return [
        Tile(
            edition.name(unit),
            unit.tile_row,
            unit.tile_column,
            _worst(standings),
            edition.count(unit.code, Severity.ERROR) + edition.count(unit.code, Severity.WARNING),
        )
        for unit, standings in _matrix(edition)
        if unit.tile_row is not None and unit.tile_column is not None
    ]


def _worst(standings: Sequence[Standing]) -> Standing:
    ranked = (
        Standing.REFUSED,
        Standing.MISSING,
        Standing.EARLIER,
        Standing.PROVISIONAL,
        Standing.ACCEPTED,
    )
    return next((standing for standing in ranked if standing in standings), Standing.NOT_OWED)


def _county_files(edition: Edition, unit: OrgUnit) -> list[tuple[str, str]]:
    """Path and name of the list of a county and of its copies."""
    copies = edition.contents.copies.get(unit.code, ())
    paths = dict.fromkeys(edition.copy_paths[unit.code, copy.sha256] for copy in copies)
    listed = (edition.list_path(unit), edition.words("discrepancies"))
    return [listed, *((path, PurePosixPath(path).name) for path in paths)]


def _revision(edition: Edition, revision: Revision) -> dict[str, str]:
    def shown(value: Decimal | None) -> str:
        return "" if value is None else printed(value, revision.measure.decimals)

    grown = revision.difference is not None and revision.difference > 0
    return {
        "form": edition.form_title(revision.form),
        "measure": edition.measure_title(revision.measure),
        "unit": edition.name(revision.unit),
        "before": shown(revision.before),
        "after": shown(revision.after),
        "difference": ("+" if grown else "") + shown(revision.difference),
        "cause": edition.cause(revision),
        "file": revision.file_name or "",
    }


def _checks(edition: Edition) -> dict[str, Any]:
    failing = [
        (checks, result)
        for checks in edition.contents.checks
        for result in checks.results
        if result.failed
    ]
    failing.sort(key=lambda pair: _rank(pair[1]))
    return {
        **_common(edition),
        "index_name": INDEX,
        "failing": [
            (checks, result, _about(edition, checks, result)) for checks, result in failing
        ],
        "sections": [
            (checks, sorted(checks.results, key=_rank)) for checks in edition.contents.checks
        ],
    }


def _rank(result: CheckResult) -> tuple[bool, int, int]:
    """Failing checks first, the gravest and most frequent on top; otherwise as declared."""
    return not result.failed, list(Severity).index(result.severity), -result.failed


def _about(edition: Edition, checks: FormChecks, result: CheckResult) -> Sequence[Told]:
    """The findings that a failing check led to."""
    return [
        Told(edition, filed)
        for filed in edition.findings
        if filed.finding.form == checks.form.name and filed.finding.rule == result.check
    ]
