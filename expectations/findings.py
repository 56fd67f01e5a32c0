"""What failing lines say to people: typed findings with the cell of every operand."""

from collections.abc import Sequence
from decimal import Decimal

from expectations.case import Case
from expectations.rule import judge
from expectations.totals import ComparedTotal
from expectations.wording import (
    counterexample,
    formula_with_numbers,
    plain,
    said_by_id,
    shown,
    told,
    told_sides,
)
from schemas.findings import Finding
from schemas.language.expression import Line, Present, Value, evaluate
from schemas.place import MOST_LINES
from schemas.rules.formulas import rounded
from schemas.rules.wording import bound, heading, listed


def line_findings(case: Case, positions: Sequence[int]) -> list[Finding]:
    """The findings of the lines that failed a check: one each, or one for all of many."""
    if not positions:
        return []
    if case.check.kind == "keys":
        found = _repeated_keys(case, positions)
    else:
        found = [_described(case, line) for line in case.lines(positions[: MOST_LINES + 1])]
    if len(found) <= MOST_LINES:
        return found
    first = found[0]
    together = {
        "cells": tuple(cell for finding in found[:MOST_LINES] for cell in finding.cells[:1]),
        "areas": case.areas(positions),
        "lines": len(positions),
        "effect": None if first.effect is None else _effect(case, positions),
    }
    return [first.model_copy(update=together)]


def total_finding(case: Case, compared: ComparedTotal) -> Finding:
    """The finding of a written total that its lines do not add up to."""
    indicator = case.form[compared.total.indicator]
    expected = rounded(compared.added_up, indicator.decimals)
    difference = compared.total.value - expected
    lines = case.lines(range(len(case.filing.frame))[:MOST_LINES])
    cells = [cell for line in lines for cell in case.cells(line, indicator.name)]
    return case.finding(
        indicator,
        [compared.total.cell, *cells],
        {
            "column": heading(case.form, indicator),
            "observed": plain(compared.total.value, indicator),
            "expected": plain(expected, indicator),
            "difference": plain(abs(difference), indicator),
        },
        observed=plain(compared.total.value, indicator),
        expected=plain(expected, indicator),
        difference=difference,
        tolerance=compared.tolerance,
    )


def _described(case: Case, line: Line) -> Finding:
    match case.check.kind:
        case "minimum" | "maximum":
            return _out_of_range(case, line)
        case "codes":
            return _not_in_list(case, line)
        case "formula":
            return _computed_differs(case, line)
        case "in_id":
            return _not_in_id(case, line)
        case "rule":
            return _rule_failed(case, line)
    indicator = case.check.indicator
    return case.finding(
        indicator, case.cells(line, indicator.name), {"column": heading(case.form, indicator)}
    )


def _out_of_range(case: Case, line: Line) -> Finding:
    indicator = case.check.indicator
    limit = indicator.minimum if case.check.kind == "minimum" else indicator.maximum
    value = line[indicator.name]
    assert isinstance(value, Decimal)
    assert limit is not None
    return case.finding(
        indicator,
        case.cells(line, indicator.name),
        {
            "column": heading(case.form, indicator),
            "observed": shown(indicator, value, case.scheme),
            "limit": bound(limit),
        },
        observed=told(indicator, value),
        expected=f"{'≥' if case.check.kind == 'minimum' else '≤'} {bound(limit)}",
        difference=None if indicator.personal else value - limit,
    )


def _not_in_list(case: Case, line: Line) -> Finding:
    indicator = case.check.indicator
    return case.finding(
        indicator,
        case.cells(line, indicator.name),
        {
            "column": heading(case.form, indicator),
            "stated": shown(indicator, line[indicator.name], case.scheme),
            "choices": listed([code.label for code in case.scheme.codes(indicator).codes]),
        },
        observed=told(indicator, line[indicator.name]),
    )


def _computed_differs(case: Case, line: Line) -> Finding:
    indicator = case.check.indicator
    assert indicator.formula is not None
    observed, expected = _computed(case, line)
    difference = observed - expected
    return case.finding(
        indicator,
        case.cells(line, *case.relation.operands),
        {
            "column": heading(case.form, indicator),
            "observed": shown(indicator, observed, case.scheme),
            "formula": formula_with_numbers(indicator.formula, case.form, line, case.scheme),
            "expected": shown(indicator, expected, case.scheme),
            "difference": shown(indicator, abs(difference), case.scheme),
        },
        observed=told(indicator, observed),
        expected=told(indicator, expected),
        difference=None if indicator.personal else difference,
        tolerance=None if indicator.personal else judge(case.relation, line).tolerance,
        effect=difference if indicator.aggregation == "sum" else None,
    )


def _not_in_id(case: Case, line: Line) -> Finding:
    """What the number says is not told, as it is personal."""
    indicator = case.check.indicator
    assert indicator.in_id is not None
    stated = line[indicator.name]
    return case.finding(
        indicator,
        case.cells(line, *case.relation.operands),
        {
            "column": heading(case.form, indicator),
            "observed": shown(indicator, stated, case.scheme),
            "number": heading(case.form, case.form[indicator.in_id.column]),
            "said": said_by_id(indicator.in_id.says, case.form.asked_on),
        },
        observed=told(indicator, stated),
    )


def _rule_failed(case: Case, line: Line) -> Finding:
    judged = judge(case.relation, line)
    comparison = case.relation.comparison
    about = {
        "statement": case.check.statement,
        "substituted": counterexample(comparison, judged, case.form, case.scheme),
    }
    cells = case.cells(line, *judged.operands)
    personal = any(indicator.personal for indicator in case.check.indicators)
    if personal or isinstance(comparison.left, Present):
        return case.finding(case.check.indicator, cells, about)
    observed, expected = told_sides(comparison, judged, case.form)
    return case.finding(
        case.check.indicator,
        cells,
        about,
        observed=observed,
        expected=expected,
        difference=judged.difference,
        tolerance=judged.tolerance,
    )


def _repeated_keys(case: Case, positions: Sequence[int]) -> list[Finding]:
    """One finding for each key that is on several lines, with the key cells of each."""
    keys = case.check.indicators
    lines: dict[tuple[Value | None, ...], list[Line]] = {}
    for line in case.lines(positions):
        lines.setdefault(tuple(line[key.name] for key in keys), []).append(line)
    return [_repeated_key(case, repeated) for repeated in lines.values()]


def _repeated_key(case: Case, lines: Sequence[Line]) -> Finding:
    keys = case.check.indicators
    stated = listed([shown(key, lines[0][key.name], case.scheme) for key in keys])
    names = [key.name for key in keys]
    cells = [cell for line in lines[:MOST_LINES] for cell in case.cells(line, *names)]
    return case.finding(keys[0], cells, {"stated": stated, "lines": str(len(lines))})


def _computed(case: Case, line: Line) -> tuple[Decimal, Decimal]:
    """The stated value of a computed column, and what its formula gives with its decimals."""
    indicator = case.check.indicator
    assert indicator.formula is not None
    stated, given = line[indicator.name], evaluate(indicator.formula, line)
    assert isinstance(stated, Decimal)
    assert isinstance(given, Decimal)
    return stated, rounded(given, indicator.decimals)


def _effect(case: Case, positions: Sequence[int]) -> Decimal:
    """What the failing lines of a computed column together add to the municipal figure."""
    pairs = (_computed(case, line) for line in case.lines(positions))
    return sum((observed - expected for observed, expected in pairs), Decimal(0))
