"""The shorter tables: counties, calendar, completeness, findings, and the contract itself."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, literal, null, type_coerce

from schemas.models import Scheme
from warehouse.mart import tables
from warehouse.mart.forms import county_name
from warehouse.mart.numbers import Entry, Plain
from warehouse.mart.view import Column, View, alike
from warehouse.tables import (
    filings,
    forms,
    org_units,
    periods,
    publications,
    submissions,
)

VERSION = 1
"""The version of the contract. What would break a reader is a new version beside this one."""


def contract_itself(scheme: Scheme) -> View:
    """One row: which version of the contract, of which scheme."""
    return View(
        name="contract",
        columns=(
            Column("contract_version", literal(VERSION)),
            Column("scheme_version", literal(scheme.version)),
            Column("scheme_fingerprint", literal(scheme.fingerprint)),
            Column("county_code", org_units.c.code),
            Column("county_name", county_name(scheme)),
        ),
        source=org_units,
        where=(org_units.c.code == scheme.municipality.code,),
    )


def counties(scheme: Scheme) -> View:
    """A row per county of all times, and the municipality."""
    code, units = org_units.c.code, scheme.counties
    since = {unit.code: unit.since for unit in units if unit.since}
    until = {unit.code: unit.until for unit in units if unit.until}
    merged = {unit.code: scheme.series_code(unit) for unit in units if unit.successor}
    return View(
        name="counties",
        columns=(
            Column("county_code", code),
            Column("county_name", county_name(scheme)),
            *alike(org_units, "is_municipality", "ordinal"),
            Column("since", _by_code(since, null())),
            Column("until", _by_code(until, null())),
            Column("series_code", _by_code(merged, code)),
        ),
        source=org_units,
    )


def calendar(_scheme: Scheme) -> View:
    """A row per period of the calendar."""
    kin = tables.calendar
    return View(
        name="calendar",
        columns=(
            Column("period", periods.c.id),
            *alike(kin, "kind", "year", "ordinal"),
            *alike(periods, "starts", "ends", "opens", "due", "closed"),
            Column("previous_period", kin.c.previous),
            Column("last_year_period", kin.c.last_year),
        ),
        source=periods.join(kin, kin.c.id == periods.c.id),
    )


def completeness(scheme: Scheme) -> View:
    """A row per return that is owed: whether and when it came, and what stands against it."""
    returns = tables.returns
    return View(
        name="completeness",
        columns=(
            *alike(returns, "form", "period", "county_code"),
            Column("county_name", county_name(scheme)),
            *alike(returns, "standing", "due", "received", "days_late", "version"),
            *alike(returns, "errors", "warnings", "counties_reported", "counties_owed"),
        ),
        source=returns.join(org_units, org_units.c.code == returns.c.county_code),
        where=(returns.c.until_serial.is_(None),),
    )


def findings(scheme: Scheme) -> View:
    """A row per finding of the last publication of a period."""
    found = tables.findings
    return View(
        name="findings",
        columns=(
            *alike(found, "period", "form", "county_code"),
            Column("county_name", county_name(scheme)),
            *alike(found, "severity", "code", "rule", "indicator", "state"),
            *alike(found, "cells", "fact_zh", "fact_en"),
            Column("difference", Plain(found.c.difference)),
            Column("effect", Plain(found.c.effect)),
            *alike(found, "lines", "sha256"),
        ),
        source=found.outerjoin(org_units, org_units.c.code == found.c.county_code),
        where=(found.c.until_serial.is_(None),),
    )


def reconciliation(scheme: Scheme) -> View:
    """A row per comparison of a figure with what it should equal, and county."""
    found = tables.comparisons
    return View(
        name="reconciliation",
        columns=(
            *alike(found, "period", "rule", "county_code"),
            Column("county_name", county_name(scheme)),
            *alike(found, "form", "against"),
            *(Column(n, Plain(found.c[n])) for n in ("stated", "expected", "difference")),
            Column("difference_cause", found.c.cause),
            *alike(found, "label_zh", "label_en", "against_form"),
        ),
        source=found.join(org_units, org_units.c.code == found.c.county_code),
        where=(found.c.until_serial.is_(None),),
    )


def townships(scheme: Scheme) -> View:
    """A row per count of a township, with small ones kept back."""
    found = tables.areas
    kept_back = case((found.c.value.is_(None), "kept_back"), else_="normal")
    return View(
        name="townships",
        columns=(
            *alike(found, "period", "form", "county_code"),
            Column("township", found.c.area),
            Column("attribute", found.c.attribute),
            Column("attribute_code", found.c.code),
            Column("measure", found.c.measure),
            Column("county_name", county_name(scheme)),
            *alike(found, "label_zh", "label_en"),
            Column("value", Plain(found.c.value)),
            Column("guard", kept_back),
        ),
        source=found.join(org_units, org_units.c.code == found.c.county_code),
        where=(found.c.until_serial.is_(None),),
    )


def sources(scheme: Scheme) -> View:
    """A row per figure of a county that is in: the file, version, sheet and column it is from."""
    found, measures = tables.figures, tables.measures
    named = and_(measures.c.form == found.c.form, measures.c.name == found.c.measure)
    filed = and_(
        *(filings.c[name] == found.c[name] for name in ("form", "period", "version")),
        filings.c.county_code.in_([found.c.county_code, scheme.municipality.code]),
    )
    return View(
        name="sources",
        columns=(
            *alike(found, "form", "measure", "period", "county_code"),
            Column("version", found.c.version),
            Column("file", submissions.c.name),
            *alike(filings, "sha256", "sheet"),
            Column("sheet_column", Entry(filings.c.columns, measures.c.indicator)),
            Column("first_row", _of_one_sheet(filings.c.first_row)),
            Column("last_row", _of_one_sheet(filings.c.last_row)),
        ),
        source=found.join(measures, named)
        .join(filings, filed)
        .join(submissions, submissions.c.sha256 == filings.c.sha256),
        where=(found.c.until_serial.is_(None),),
    )


def _of_one_sheet(row: ColumnElement[int]) -> ColumnElement[int]:
    """A row of a return, which of a form that is split over sheets is none of any sheet."""
    return case((filings.c.pieces.is_(null()), row), else_=null())


def publications_made(_scheme: Scheme) -> View:
    """A row per publication."""
    return View(
        name="publications",
        columns=(
            *alike(publications, "period", "serial"),
            Column("published_at", publications.c.as_of),
            *alike(publications, "scheme_version", "scheme_fingerprint"),
        ),
        source=publications,
    )


def figures(scheme: Scheme) -> View:
    """A row per column of a form's table: what it is called, and what it is made of."""
    measures = tables.measures
    title = forms.c.title_zh if scheme.language == "zh" else forms.c.title_en
    return View(
        name="measures",
        columns=(
            Column("form", measures.c.form),
            Column("form_code", forms.c.code),
            Column("form_title", title),
            Column("measure", measures.c.name),
            *alike(measures, "ordinal", "indicator", "label_zh", "label_en", "unit_zh", "unit_en"),
            *alike(measures, "decimals", "aggregation", "nature"),
            Column("plan_measure", measures.c.plan),
        ),
        source=measures.join(forms, forms.c.name == measures.c.form),
    )


def dictionary(_scheme: Scheme) -> View:
    """A row per column of every view of the contract, and one per view without a column."""
    known = tables.columns
    return View(
        name="dictionary",
        columns=(
            Column("view_name", known.c.view),
            Column("column_name", known.c.name),
            *alike(known, "ordinal", "type", "unit_zh", "unit_en", "meaning_zh", "meaning_en"),
        ),
        source=known,
    )


def _by_code(known: Mapping[str, str], otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
    column = case(known, value=org_units.c.code, else_=otherwise) if known else otherwise
    return type_coerce(column, String())
