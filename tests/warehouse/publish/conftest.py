"""One publication made by hand: 隰县 has not reported biogas, the survey of 汾西县 was refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from schemas.consolidated.measures import Measure, measures
from schemas.filing import Places
from schemas.findings import CellRef, CheckResult, Finding, Severity, State
from schemas.language.expression import Value
from schemas.models import Form, OrgUnit, Scheme
from schemas.template.template import write_workbook
from schemas.text import Text
from warehouse.consolidation.comparisons import Against, ComparedFigure, DifferenceCause
from warehouse.consolidation.contents import (
    ConsolidatedRow,
    ConsolidatedTable,
    CountyCopy,
    FiledFinding,
    FormChecks,
    PublicationContents,
    Revision,
    RevisionCause,
)
from warehouse.lines.live_filings import LiveFiling
from warehouse.publish.edition import Edition

XI, FENXI, YAODU, PUXIAN = "141031", "141034", "141002", "141033"
AS_OF = datetime(2003, 7, 10, 18, 30, tzinfo=UTC)
BIOGAS: dict[str, Value | None] = {
    "stock_prev": Decimal(100),
    "plan_year": Decimal(50),
    "built_period": Decimal(20),
    "built_ytd": Decimal(40),
    "sealed": Decimal(45),
    "five_one_households": Decimal(7),
    "residue_households": Decimal(12),
}


@pytest.fixture(scope="session")
def contents(scheme: Scheme) -> PublicationContents:
    return example(scheme)


@pytest.fixture(scope="session")
def small(few: Scheme) -> PublicationContents:
    """The same with a few forms, and the workbooks of two counties only."""
    contents = example(few)
    return replace(contents, copies={code: contents.copies[code] for code in (YAODU, FENXI)})


@pytest.fixture(scope="session")
def edition(contents: PublicationContents) -> Edition:
    return Edition(contents, "zh")


def example(scheme: Scheme) -> PublicationContents:
    period = scheme.period("2003H1")
    forms = [form for form in scheme.forms if scheme.owing(form, period.period)]
    copies = _copies(scheme)
    return PublicationContents(
        scheme=scheme,
        period=period,
        serial=3,
        as_of=AS_OF,
        tables=tuple(_table(scheme, form) for form in forms),
        findings=_findings(copies),
        checks=tuple(_checks(scheme, form) for form in forms),
        revisions=_revisions(scheme),
        copies=copies,
        comparisons=_comparisons(scheme),
        live_filings=_live_filings(scheme, copies),
    )


def _table(scheme: Scheme, form: Form) -> ConsolidatedTable:
    columns = measures(form, scheme)
    owing = scheme.owing(form, scheme.period("2003H1").period)
    rows = tuple(
        _row(form, columns, number, unit, unit in owing)
        for number, unit in enumerate(scheme.counties, start=1)
    )
    sums = {
        measure.name: None
        if measure.aggregation == "county"
        else sum(
            (row.values[measure.name] or Decimal(0) for row in rows if row.reported), Decimal(0)
        )
        for measure in columns
    }
    return ConsolidatedTable(form, columns, rows, ConsolidatedRow(scheme.municipality, True, sums))


def _row(
    form: Form, columns: tuple[Measure, ...], number: int, unit: OrgUnit, owing: bool
) -> ConsolidatedRow:
    """Figures that say where they belong: county number in thousands, column in units."""
    if not owing:
        return ConsolidatedRow(unit, None, {})
    if (form.name, unit.code) in {("biogas", XI), ("relocation_survey", FENXI)}:
        return ConsolidatedRow(unit, False, {})
    values = {
        measure.name: (Decimal(1000 * number + column) / 7).quantize(
            Decimal(1).scaleb(-measure.decimals)
        )
        if measure.decimals
        else Decimal(1000 * number + column)
        for column, measure in enumerate(columns, start=1)
    }
    return ConsolidatedRow(unit, True, values)


def _live_filings(
    scheme: Scheme, copies: Mapping[str, tuple[CountyCopy, ...]]
) -> Mapping[tuple[str, str], LiveFiling]:
    """One line of biogas in row 8 of every county, and seven bands of villages of one."""
    found = {}
    for unit in scheme.counties:
        for name, first, last in (("biogas", 8, 8), ("relocation_survey", 8, 14)):
            form = scheme.form(name)
            letters = {i.name: "BCDEFGHIJ"[n] for n, i in enumerate(form.indicators)}
            if unit.code != XI and (name == "biogas" or unit.code == PUXIAN):
                copy = copies[unit.code][0]
                places = Places(form.sheet_name, letters)
                which = (name, unit.code)
                found[which] = LiveFiling(
                    1 + last - first, copy.file_name, copy.sha256, 2, places, first, last
                )
    return found


def _comparisons(scheme: Scheme) -> tuple[ComparedFigure, ...]:
    """The plans of three counties beside what the city issued."""
    form, issued = scheme.form("biogas"), scheme.form("plan_targets")
    counties = (
        (YAODU, Decimal(50), Decimal(50), DifferenceCause.AGREES),
        (FENXI, Decimal(40), Decimal(60), DifferenceCause.DIFFERS),
        (XI, None, Decimal("7.5"), DifferenceCause.LATE),
    )
    of_counties = [(scheme.county(code), *rest) for code, *rest in counties]
    municipality = (scheme.municipality, Decimal(90), Decimal("117.5"), DifferenceCause.COUNTIES)
    label = Text(zh="沼气池本年计划等于市里下达数", en="The plan is what the city issued")
    return tuple(
        ComparedFigure(
            "R04-issued", form, label, Against.PLAN, issued, unit, stated, expected, cause
        )
        for unit, stated, expected, cause in (*of_counties, municipality)
    )


def _copies(scheme: Scheme) -> Mapping[str, tuple[CountyCopy, ...]]:
    period = scheme.period("2003H1").period
    copies: dict[str, tuple[CountyCopy, ...]] = {}
    for unit in scheme.counties:
        if unit.code != XI:
            content = write_workbook(scheme, unit, period, {"biogas": [BIOGAS]})
            copies[unit.code] = (_copy(f"{unit.name.zh}2003年上半年.xlsx", content),)
    copies[YAODU] = (*copies[YAODU], _copy("旧表.xls", b"\xd0\xcf\x11\xe0 not to be marked"))
    return copies


def _copy(name: str, content: bytes) -> CountyCopy:
    digest = sum(content) % 16**8
    return CountyCopy(file_name=name, sha256=f"{digest:08x}" * 8, content=content)


def _findings(copies: Mapping[str, tuple[CountyCopy, ...]]) -> tuple[FiledFinding, ...]:
    sheet = "R04 沼气池建设进度表"
    sealed = Finding(
        code="rule-failed",
        severity=Severity.ERROR,
        rule="R04-sealed",
        county=FENXI,
        form="biogas",
        period="2003H1",
        indicator="sealed",
        cells=(CellRef(sheet=sheet, address="F8"), CellRef(sheet=sheet, address="E8")),
        observed="45",
        expected="40",
        difference=Decimal(5),
        effect=Decimal(5),
        parameters={
            "statement": Text(zh="已密封配套不超过本年累计新建", en="No more is sealed than built"),
            "substituted": "45 ≤ 40",
        },
    )
    survey = Finding(
        code="total-differs",
        severity=Severity.ERROR,
        rule="R01.totals",
        county=FENXI,
        form="relocation_survey",
        period="2003H1",
        indicator="villages",
        cells=(CellRef(sheet="R01 移民调查摸底表(按村人口分段)", address="C12"),),
        observed="105",
        expected="104",
        difference=Decimal(1),
        parameters={
            "column": Text(zh="贫困村个数", en="Poor villages"),
            "observed": "105",
            "expected": "104",
            "difference": "1",
        },
    )
    planned = sealed.model_copy(
        update={
            "severity": Severity.WARNING,
            "rule": "R04-plan",
            "county": YAODU,
            "indicator": "built_ytd",
            "cells": (CellRef(sheet=sheet, address="E8"),),
            "observed": "1500.5",
            "expected": "1000",
            "effect": Decimal("-500.5"),
            "parameters": {
                "statement": Text(
                    zh="不超过计划的1.5倍", en="At most one and a half times the plan"
                ),
                "substituted": "1500.5 ≤ 1000",
            },
        }
    )
    converted = Finding(
        code="value-converted",
        severity=Severity.NOTICE,
        county=YAODU,
        form="biogas",
        period="2003H1",
        indicator="stock_prev",
        cells=(CellRef(sheet=sheet, address="B8"),),
        observed="１00",
        parameters={
            "column": Text(zh="上年末累计", en="Stock at the end of last year"),
            "stated": "１00",
            "kept": "100",
        },
    )
    unknown = Finding(
        code="county-unknown", severity=Severity.ERROR, parameters={"stated": "大名县"}
    )
    return (
        _filed(converted, copies[YAODU][0], State.OPEN),
        _filed(planned, copies[YAODU][0], State.EXPLAINED),
        _filed(sealed, copies[FENXI][0], State.OPEN),
        _filed(survey, copies[FENXI][0], State.RETURNED),
        FiledFinding(unknown, "大名县.xlsx", "e" * 64, State.OPEN),
    )


def _filed(finding: Finding, copy: CountyCopy, state: State) -> FiledFinding:
    return FiledFinding(finding, copy.file_name, copy.sha256, state)


def _checks(scheme: Scheme, form: Form) -> FormChecks:
    owing = len(scheme.owing(form, scheme.period("2003H1").period))
    results = tuple(
        CheckResult(
            check=rule.id,
            statement=rule.label,
            severity=rule.severity,
            passed=owing - 2 if rule.id == "R04-sealed" else owing - 1,
            failed=1 if rule.id == "R04-sealed" else 0,
            undetermined=1,
        )
        for rule in form.rules
    )
    return FormChecks(form, owing, results)


def _revisions(scheme: Scheme) -> tuple[Revision, ...]:
    form = scheme.form("biogas")
    built = next(measure for measure in measures(form, scheme) if measure.name == "built_ytd")
    county = scheme.county(FENXI)
    name = "汾西县2003年上半年.xlsx"
    return (
        Revision(
            form, built, county, Decimal(30), Decimal(40), 1, 2, name, RevisionCause.CORRECTED, True
        ),
        Revision(
            form,
            built,
            scheme.municipality,
            Decimal(4990),
            Decimal(5000),
            None,
            None,
            None,
            RevisionCause.COUNTIES,
            True,
        ),
    )
