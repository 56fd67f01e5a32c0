"""What must hold of the statements of a scheme: known names, like compared with like."""

from collections.abc import Callable, Collection, Iterator
from typing import Any

from schemas.consolidated.relations import Operand, operand
from schemas.language import expression
from schemas.language.expression import Comparison
from schemas.language.references import Reference
from schemas.models import Form, Indicator, Owed, Relation, Scheme
from schemas.period import Period
from schemas.rules.column_numbers import lasting_numbers, unknown_numbers
from schemas.soundness.quantities import NUMBER, Quantity, formula_mismatches, in_form, mismatches

Problem = tuple[tuple[Any, ...], str]
"""Where in a file, as keys and indexes, and what is wrong there."""


def rule_problems(scheme: Scheme, form: Form) -> Iterator[Problem]:
    """What is wrong with the rules inside a form."""
    for index, rule in enumerate(form.rules):
        if not rule.id.startswith(f"{form.code}-"):
            yield ("rules", index), f"rule {rule.id} must begin with {form.code}-"
        for key, text in (("check", rule.check), ("when", rule.when)):
            for problem in () if text is None else _statement_problems(scheme, form, text):
                yield ("rules", index, key), f"rule {rule.id}: {problem}"


def formula_problems(scheme: Scheme, form: Form, indicator: Indicator) -> Iterator[str]:
    """What is wrong with the formula of a computed column."""
    assert indicator.computed is not None, indicator.name
    unknown = list(_unknown_columns(form, indicator.computed, expression.parse_value))
    yield from unknown
    if not unknown:
        yield from formula_mismatches(indicator, indicator.unit, in_form(form, scheme))


def relation_problems(
    scheme: Scheme, relation: Relation, broken: Collection[str]
) -> Iterator[tuple[str, str]]:
    """What is wrong with a rule between forms: the key of the rule, and the problem.

    Of the figures of `broken` forms nothing is said until the forms themselves are mended.
    """
    form = next((form for form in scheme.forms if form.name == relation.form), None)
    if form is None:
        yield "form", f"there is no form {relation.form!r}"
    elif not relation.id.startswith(f"{form.code}-"):
        yield "id", f"it judges {form.name}, so it must begin with {form.code}-"
    if relation.by is not None and relation.of_period:
        yield "by", "a rule for each value of a column says nothing of its period"
    for key, text in (("check", relation.check), ("when", relation.when)):
        if text is not None:
            found = list(_figure_problems(scheme, form, text, broken))
            yield from ((key, problem) for problem in found)
            if relation.by is not None and form is not None and not found:
                problems = _key_problems(scheme, form, relation.by, text)
                yield from ((key, problem) for problem in problems)
            elif key == "check" and form is not None and not found and not _judges(form, text):
                yield key, f"it judges {form.name} and says nothing of it"


def _statement_problems(scheme: Scheme, form: Form, text: str) -> Iterator[str]:
    unknown = list(_unknown_columns(form, text, expression.parse_comparison))
    yield from unknown
    if not unknown:
        statement = expression.parse_comparison(text)
        yield from mismatches(statement, in_form(form, scheme))
        for said in expression.of_ids(statement):
            if form[said.name].format != "id_number":
                yield f"{said.name!r} is no column of ID numbers"


def _unknown_columns(
    form: Form, text: str, parse: Callable[[str], expression.Node | Comparison]
) -> Iterator[str]:
    if numbers := unknown_numbers(text, form):
        known = [number for number in lasting_numbers(form).values() if number.isdigit()]
        why = f"they are 1 to {len(known)}" if known else "columns come and go, so write names"
        yield f"no column has the number {', '.join(numbers)}; {why}: {text}"
        return
    try:
        for name in expression.names(parse(text)):
            if name not in form.by_name:
                yield f"{name!r} is not a column of {form.name}"
    except ValueError as error:
        yield str(error)


def _figure_problems(
    scheme: Scheme, judged: Form | None, text: str, broken: Collection[str]
) -> Iterator[str]:
    try:
        statement = expression.parse_comparison(text)
    except ValueError as error:
        yield str(error)
        return
    found: dict[str, Operand] = {}
    for name in expression.names(statement):
        try:
            if Reference.parse(name).form not in broken:
                found[name] = operand(name, scheme)
        except ValueError as error:
            yield str(error)
    if judged is not None and judged.name not in broken:
        for name, other in found.items():
            if not judged.of_municipality and not _of_counties(other.form):
                yield f"{name} is not a figure of a county: no line of {other.form.name} names one"
            elif not _ever_together(judged, other):
                yield f"{name} is never reported for a period of {judged.name}"
    if len(found) == len(expression.names(statement)):
        yield from mismatches(statement, lambda name: _figure(found[name]))


def _key_problems(scheme: Scheme, judged: Form, by: str, text: str) -> Iterator[str]:
    """What is wrong with the figures of a rule for each value of a column."""
    found = [operand(name, scheme) for name in expression.names(expression.parse_comparison(text))]
    for form in {form.name: form for form in (judged, *(other.form for other in found))}.values():
        if by not in form.by_name or form[by].numeric:
            yield f"{by!r} is no column of codes or texts of {form.name}"
    for other in found:
        if other.reference.shift is not None:
            yield f"{other.name}: lines are compared with those of the same period only"
        if other.measure.aggregation not in ("sum", "count", "max"):
            yield f"{other.name} is no sum, count or maximum of lines"


def _of_counties(form: Form) -> bool:
    return not form.of_municipality or form.county_column is not None


def _judges(form: Form, text: str) -> bool:
    """Whether a statement speaks of a form in the period that is judged."""
    found = map(Reference.parse, expression.names(expression.parse_comparison(text)))
    return any(reference.form == form.name and reference.shift is None for reference in found)


def _figure(found: Operand) -> Quantity:
    unit = found.measure.unit
    return NUMBER if unit is None else Quantity("number", unit)


def _ever_together(judged: Form, other: Operand) -> bool:
    """Whether some period of a form has a period from which the other figure is taken."""
    years = {
        year + near
        for owed in (*judged.owed, *other.form.owed)
        for year in _years(owed)
        for near in (-1, 0, 1)
    }
    return any(
        _is_owed(judged, period)
        and any(_is_owed(other.form, source) for source in other.reference.periods(period))
        for kind in judged.frequency
        for period in Period.all_of(kind, years)
    )


def _years(owed: Owed) -> Iterator[int]:
    for text in (owed.since, owed.until):
        if text is not None:
            yield Period.parse(text).year


def _is_owed(form: Form, period: Period) -> bool:
    return period.kind in form.frequency and any(owed.covers(period) for owed in form.owed)
