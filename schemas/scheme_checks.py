"""What must hold between the parts of a scheme: every name that is used is declared, once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from schemas import expression
from schemas.models import Form, Indicator, MeasureGroup, Scheme
from schemas.period import Period
from schemas.yaml_lines import line_of

Problem = tuple[tuple[Any, ...], str]
"""Where in a form's file, as keys and indexes, and what is wrong there."""


def cross_references(scheme: Scheme, folder: Path) -> Iterator[str]:
    """Every problem between the parts of a scheme, each with its file and line."""
    for name, entries in (
        ("form name", [form.name for form in scheme.forms]),
        ("form code", [form.code for form in scheme.forms]),
        ("rule", [rule.id for form in scheme.forms for rule in form.rules]),
        ("period", [entry.id for entry in scheme.periods]),
    ):
        for repeated in sorted({entry for entry in entries if entries.count(entry) > 1}):
            yield f"scheme.yaml:1: {name} {repeated!r} is used twice"
    groups = {"all"}.union(*(unit.groups for unit in scheme.counties))
    for form in scheme.forms:
        path = folder / "forms" / f"{form.name}.yaml"
        if not path.is_file():
            yield f"forms: form {form.name} must be declared in forms/{form.name}.yaml"
            continue
        for where, problem in _form_problems(scheme, form, groups):
            yield f"forms/{path.name}:{line_of(path, where)}: {problem}"


def _form_problems(scheme: Scheme, form: Form, groups: set[str]) -> Iterator[Problem]:
    yield from _owed_problems(form, groups)
    if (form.body == "fixed") != (form.fixed_by is not None):
        yield (
            ("body",),
            "a fixed body names the coded column of its lines in fixed_by",
        )
    if form.line.unit not in scheme.units:
        yield ("line",), f"unit {form.line.unit!r} is not in units.yaml"
    for index, indicator in enumerate(form.indicators):
        for problem in _indicator_problems(scheme, form, indicator):
            yield ("indicators", index), f"{indicator.name}: {problem}"
    yield from _rule_problems(form)
    yield from _consolidated_problems(form)


def _owed_problems(form: Form, groups: set[str]) -> Iterator[Problem]:
    for index, owed in enumerate(form.owed):
        if owed.group not in groups:
            yield ("owed", index), f"no county is in the group {owed.group!r}"
        yield from _periods(("owed", index), (owed.since, owed.until))


def _rule_problems(form: Form) -> Iterator[Problem]:
    for index, rule in enumerate(form.rules):
        if not rule.id.startswith(f"{form.code}-"):
            yield ("rules", index), f"rule {rule.id} must begin with {form.code}-"
        for problem in _unknown_names(form, rule.check, expression.parse_comparison):
            yield ("rules", index, "check"), f"rule {rule.id}: {problem}"
        if rule.when is not None:
            for problem in _unknown_names(form, rule.when, expression.parse_comparison):
                yield ("rules", index, "when"), f"rule {rule.id}: {problem}"


def _periods(where: tuple[Any, ...], periods: tuple[str | None, ...]) -> Iterator[Problem]:
    for period in periods:
        try:
            if period is not None:
                Period.parse(period)
        except ValueError as error:
            yield where, str(error)


def _indicator_problems(scheme: Scheme, form: Form, indicator: Indicator) -> Iterator[str]:
    if indicator.unit is not None and indicator.unit not in scheme.units:
        yield f"unit {indicator.unit!r} is not in units.yaml"
    if (indicator.kind == "code") != (indicator.code_list is not None):
        yield "a column of kind code, and no other, names a code_list"
    if indicator.code_list is not None and indicator.code_list not in scheme.code_lists:
        yield f"code list {indicator.code_list!r} is not in codelists.yaml"
    if indicator.numeric and (indicator.unit is None) == (indicator.unit_from is None):
        yield "a number needs a unit, or else a column for it in unit_from"
    if indicator.unit_from is not None:
        yield from _unit_column_problems(form, indicator.unit_from)
    if indicator.aggregation != "none" and not indicator.numeric:
        yield f"a column of kind {indicator.kind} cannot be aggregated"
    if indicator.computed is not None:
        yield from _unknown_names(form, indicator.computed, expression.parse_value)
    if indicator.aggregation == "ratio":
        try:
            expression.ratio(expression.parse_value(indicator.computed or "0"))
        except ValueError as error:
            yield str(error)


def _unit_column_problems(form: Form, name: str) -> Iterator[str]:
    if name not in form.by_name or form[name].kind != "code":
        yield f"{name!r} is not a coded column of {form.name} to take the unit from"


def _unknown_names(
    form: Form, text: str, parse: Callable[[str], expression.Node | expression.Comparison]
) -> Iterator[str]:
    try:
        for name in expression.names(parse(text)):
            if name not in form.by_name:
                yield f"{name!r} is not a column of {form.name}"
    except ValueError as error:
        yield str(error)


def _consolidated_problems(form: Form) -> Iterator[Problem]:
    for index, group in enumerate(form.consolidated):
        for name in (*group.where, *([group.by] if group.by else [])):
            if name not in form.by_name:
                yield ("consolidated", index), f"{name!r} is not a column of {form.name}"
        by = form.by_name.get(group.by or "")
        if by is not None and by.kind != "code":
            yield ("consolidated", index), f"{group.by!r} has no code list to repeat the block by"
        for name in group.measures:
            known = name == form.line.name or name in form.by_name
            if not known:
                yield ("consolidated", index), f"{name!r} is neither a column nor the line's name"
            elif name in form.by_name and form[name].aggregation == "none":
                yield ("consolidated", index), f"{name!r} has no aggregation"
            elif name in form.by_name and not _of_one_unit(form[name], group):
                yield ("consolidated", index), f"{name!r} would add up different units"


def _of_one_unit(indicator: Indicator, group: MeasureGroup) -> bool:
    """Whether every measure of the group that takes an indicator is in one unit."""
    column = indicator.unit_from
    by_unit = group.by == column and not group.total
    return column is None or by_unit or column in group.where
