"""Rules between forms, resolved: which figures they speak of and where those are to be found."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from schemas.consolidated.measures import Measure, measures
from schemas.language import expression
from schemas.language.references import Reference
from schemas.models import Form, Relation, Scheme
from schemas.period import Period
from schemas.text import Text


@dataclass(frozen=True)
class Operand:
    """A figure that a relation speaks of: its name in the statement, and what that stands for."""

    name: str
    reference: Reference
    form: Form
    measure: Measure


def operand(name: str, scheme: Scheme) -> Operand:
    """What a name in a relation stands for. Raises ValueError when there is no such figure."""
    reference = Reference.parse(name)
    form = next((form for form in scheme.forms if form.name == reference.form), None)
    if form is None:
        raise ValueError(f"there is no form {reference.form!r}")
    published = reference.function is None
    found = _published if published else _aggregated
    return Operand(name, reference, form, found(reference, form, scheme))


def operands(relation: Relation, scheme: Scheme) -> Mapping[str, Operand]:
    """The operands of a relation and of its condition, by name. Raises what `operand` raises."""
    return {name: operand(name, scheme) for name in spoken_of(relation)}


def spoken_of(relation: Relation) -> tuple[str, ...]:
    """The names of the figures that a relation and its condition speak of."""
    condition = relation.condition
    of_condition = () if condition is None else expression.names(condition)
    return tuple(dict.fromkeys((*expression.names(relation.comparison), *of_condition)))


def forms_spoken_of(relation: Relation) -> set[str]:
    """The names of the forms that a relation speaks of."""
    return {Reference.parse(name).form for name in spoken_of(relation)}


def is_there(relation: Relation, scheme: Scheme) -> bool:
    """Whether the forms of an era have every figure that a relation speaks of."""
    try:
        operands(relation, scheme)
    except ValueError:
        return False
    return True


class Sources:
    """Where figures can be taken from; forms change over time, and so do their figures."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._known: dict[tuple[str, int], Operand | None] = {}
        self._found: dict[tuple[str, Period], list[tuple[Operand, Period]]] = {}

    def of(self, name: str, period: Period) -> list[tuple[Operand, Period]]:
        """The figure in each period it may be taken from when one is judged, best first."""
        if (name, period) not in self._found:
            found = [(self._at(name, p), p) for p in Reference.parse(name).periods(period)]
            self._found[name, period] = [(each, p) for each, p in found if each is not None]
        return self._found[name, period]

    def _at(self, name: str, period: Period) -> Operand | None:
        era = name, self._scheme.era(period)
        if era not in self._known:
            try:
                self._known[era] = operand(name, self._scheme.at(period))
            except ValueError:  # the form has no such figure at that time
                self._known[era] = None
        return self._known[era]


def _published(reference: Reference, form: Form, scheme: Scheme) -> Measure:
    known = {measure.name: measure for measure in measures(form, scheme)}
    if reference.figure not in known:
        raise ValueError(
            f"{form.name} has no figure {reference.figure!r}; it has {', '.join(known)}"
        )
    if known[reference.figure].aggregation == "rank":
        raise ValueError(
            f"{form.name}.{reference.figure} is a rank: it changes with the returns of others"
        )
    return known[reference.figure]


def _aggregated(reference: Reference, form: Form, scheme: Scheme) -> Measure:
    for column, value in reference.where:
        _require_value(form, column, value, scheme)
    of = _words_of(reference, form, scheme)
    if reference.figure is None:
        line = form.line
        labels = (*of, line.label)
        return Measure(line.name, labels, line.unit, 0, "count", None, reference.where)
    indicator = form.by_name.get(reference.figure)
    if indicator is None:
        raise ValueError(f"{reference.figure!r} is not a column of {form.name}")
    function: Literal["sum", "max"] = "sum" if reference.function == "sum" else "max"
    if not indicator.numeric or (function == "sum" and indicator.aggregation != "sum"):
        raise ValueError(f"there is no {function} of {form.name}.{indicator.name}")
    if indicator.unit_from is not None:
        raise ValueError(f"the lines of {form.name}.{indicator.name} are in different units")
    return Measure(
        name=indicator.name,
        labels=(*of, indicator.label),
        unit=indicator.unit,
        decimals=indicator.decimals,
        aggregation=function,
        indicator=indicator.name,
        where=reference.where,
    )


def _words_of(reference: Reference, form: Form, scheme: Scheme) -> tuple[Text, ...]:
    """What lines are chosen by, as people read it."""
    return tuple(
        scheme.codes(form[column])[value].label
        if form[column].code_list is not None and isinstance(value, str)
        else Text(zh=f"{form[column].label.zh}{value}", en=f"{form[column].label.en} {value}")
        for column, value in reference.where
    )


def _require_value(form: Form, column: str, value: str | Decimal, scheme: Scheme) -> None:
    indicator = form.by_name.get(column)
    if indicator is None:
        raise ValueError(f"{column!r} is not a column of {form.name}")
    if indicator.personal:
        raise ValueError(f"{form.name}.{column} is personal; lines cannot be chosen by it")
    if isinstance(value, Decimal) != indicator.numeric:
        raise ValueError(f"lines of {form.name} cannot be chosen by {column} = {value}")
    if indicator.code_list in scheme.code_lists:
        known = [code.code for code in scheme.codes(indicator).codes]
        if value not in known:
            raise ValueError(f"there is no such code: {value!r} in {indicator.code_list}")
