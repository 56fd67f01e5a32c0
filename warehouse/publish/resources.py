"""What a publication holds as flat tables with declared columns: the open data."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.consolidated.measures import Measure
from warehouse.consolidation.contents import (
    ConsolidatedRow,
    ConsolidatedTable,
    FiledFinding,
    Revision,
)
from warehouse.publish.edition import Edition
from warehouse.publish.told import Told

Value = str | int | Decimal | None

_AMOUNT_DECIMALS = 6  # as many as any indicator may have


@dataclass(frozen=True)
class Field:
    """A column. `decimals` belongs to numbers; a `required` one is never blank."""

    name: str
    kind: Literal["string", "integer", "number"]
    title: str
    unit: str = ""
    decimals: int = 0
    required: bool = False


@dataclass(frozen=True)
class Resource:
    """A table: `key` tells its rows apart; each row has a value for every field."""

    name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]


def resources(edition: Edition) -> tuple[Resource, ...]:
    """A table per form, and the counties, the findings, the completeness and the revisions."""
    consolidated = (_consolidated(edition, table) for table in edition.contents.tables)
    others = (_counties, _findings, _completeness, _revisions)
    return (*consolidated, *(make(edition) for make in others))


def _consolidated(edition: Edition, table: ConsolidatedTable) -> Resource:
    title = table.form.title.in_(edition.language)
    return Resource(
        name=table.form.name,
        title=title,
        description=edition.words("data_of", title=title),
        fields=(
            _text(edition, "period"),
            _text(edition, "county_code"),
            _text(edition, "county_name"),
            *(_measure(edition, measure) for measure in table.measures),
            _count(edition, "counties_reported"),
            _count(edition, "counties_owed"),
        ),
        key=("period", "county_code"),
        rows=tuple(
            _consolidated_row(edition, table, row) for row in (*table.counties, table.municipality)
        ),
    )


def _consolidated_row(
    edition: Edition, table: ConsolidatedTable, row: ConsolidatedRow
) -> tuple[Value, ...]:
    """As in the published views, completeness is that of the form on every row."""
    values = (row.values.get(measure.name) for measure in table.measures)
    return (*_unit(edition, row), *values, len(table.reported), len(table.owing))


def _unit(edition: Edition, row: ConsolidatedRow) -> tuple[str, str, str]:
    return edition.contents.period.id, row.unit.code, edition.name(row.unit)


def _counties(edition: Edition) -> Resource:
    scheme = edition.contents.scheme.whole
    return Resource(
        name="counties",
        title=edition.words("counties"),
        description=edition.words("data_counties"),
        fields=(
            *(_text(edition, name) for name in ("county_code", "county_name")),
            *(_text(edition, name, required=False) for name in ("since", "until")),
            _text(edition, "series_code"),
        ),
        key=("county_code",),
        rows=tuple(
            (unit.code, edition.name(unit), unit.since, unit.until, scheme.series_code(unit))
            for unit in (scheme.municipality, *scheme.counties)
        ),
    )


def _findings(edition: Edition) -> Resource:
    texts = (
        "severity", "county_code", "county_name", "form", "period", "file", "sha256", "cells",
        "indicator", "code", "rule", "state", "fact", "diagnosis",
        "remedy", "observed", "expected",
    )  # fmt: skip
    return Resource(
        name="findings",
        title=edition.words("findings"),
        description=edition.words("data_findings"),
        fields=(
            *(
                _text(edition, name, required=name in ("severity", "code", "fact"))
                for name in texts
            ),
            *(_amount(edition, name) for name in ("difference", "tolerance", "effect")),
            _count(edition, "lines"),
        ),
        key=(),
        rows=tuple(
            _finding_row(edition, filed) for filed in edition.findings if not filed.finding.trial
        ),
    )


def _finding_row(edition: Edition, filed: FiledFinding) -> tuple[Value, ...]:
    finding, told = filed.finding, Told(edition, filed)
    return (
        finding.severity.value,
        finding.county,
        told.county if finding.county else None,
        finding.form,
        finding.period,
        filed.file_name,
        filed.sha256,
        "; ".join(map(str, finding.cells)) or None,
        finding.indicator,
        finding.code,
        finding.rule,
        filed.state.value,
        told.fact,
        told.diagnosis or None,
        told.remedy,
        finding.observed,
        finding.expected,
        finding.difference,
        finding.tolerance,
        finding.effect,
        finding.lines,
    )


def _completeness(edition: Edition) -> Resource:
    names = ("period", "form", "form_title", "county_code", "county_name", "status")
    return Resource(
        name="completeness",
        title=edition.words("completeness"),
        description=edition.words("data_completeness"),
        fields=tuple(_text(edition, name) for name in names),
        key=("period", "form", "county_code"),
        rows=tuple(
            (
                edition.contents.period.id,
                table.form.name,
                table.form.title.in_(edition.language),
                row.unit.code,
                edition.name(row.unit),
                edition.standing(table, row).value,
            )
            for table in edition.contents.tables
            for row in table.counties
        ),
    )


def _revisions(edition: Edition) -> Resource:
    return Resource(
        name="revisions",
        title=edition.words("revisions"),
        description=edition.words("data_revisions"),
        fields=(
            _text(edition, "period"),
            _text(edition, "form"),
            _text(edition, "measure"),
            _text(edition, "county_code"),
            _text(edition, "county_name"),
            _amount(edition, "before"),
            _amount(edition, "after"),
            _text(edition, "cause"),
            Field("after_closing", "integer", edition.words("after_closing"), required=True),
            Field("version_before", "integer", edition.words("version_before")),
            Field("version_after", "integer", edition.words("version_after")),
            _text(edition, "file", required=False),
        ),
        key=("period", "form", "measure", "county_code"),
        rows=tuple(_revision_row(edition, revision) for revision in edition.contents.revisions),
    )


def _revision_row(edition: Edition, revision: Revision) -> tuple[Value, ...]:
    return (
        edition.contents.period.id,
        revision.form.name,
        revision.measure.name,
        revision.unit.code,
        edition.name(revision.unit),
        revision.before,
        revision.after,
        revision.cause.value,
        int(revision.after_closing),
        revision.version_before,
        revision.version_after,
        revision.file_name,
    )


def _text(edition: Edition, name: str, *, required: bool = True) -> Field:
    return Field(name, "string", edition.words(name), required=required)


def _count(edition: Edition, name: str) -> Field:
    return Field(name, "integer", edition.words(name), required=True)


def _amount(edition: Edition, name: str) -> Field:
    return Field(name, "number", edition.words(name), decimals=_AMOUNT_DECIMALS)


def _measure(edition: Edition, measure: Measure) -> Field:
    return Field(
        name=measure.name,
        kind="number" if measure.decimals else "integer",
        title=edition.measure_title(measure),
        unit=edition.unit(measure.unit),
        decimals=measure.decimals,
    )
