"""What the rules between forms compare filings with, compiled from the scheme."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from schemas.consolidated.figures import Source, columns_of
from schemas.consolidated.relations import Operand, Sources, spoken_of
from schemas.models import Relation, Scheme
from schemas.period import Period

T = TypeVar("T")

Filed = tuple[str, str]
"""A form and a period."""


@dataclass(frozen=True)
class _Rules:
    """What the rules of a period speak of.

    `others` are the forms and periods that a form is compared with, `columns` those of each form
    that are needed for it, and `askable` the rules that judge it and speak of nothing personal.
    """

    others: Mapping[str, frozenset[Filed]]
    columns: Mapping[str, frozenset[str]]
    askable: Mapping[str, frozenset[str]]


class Counterparts:
    """Which filings, and which of their columns, the rules that judge a filing speak of."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._sources = Sources(scheme)
        self._of_municipality = {form.name for form in scheme.forms if form.of_municipality}
        self._rules: dict[str, _Rules] = {}

    def others(self, form: str, period: str) -> frozenset[Filed]:
        """The forms and periods that a form is compared with in a period, itself left out."""
        return self._of(period).others.get(form, frozenset())

    def with_others(self, judged: Source) -> frozenset[Source]:
        """The filings that a filing is compared with: of its county, and of the city."""
        return frozenset(
            Source(form, self._filer(form, judged), at)
            for form, at in self.others(judged.form, judged.period)
        )

    def columns(self, form: str, period: str) -> frozenset[str]:
        """The columns of a form that rules of a period speak of, without what is personal."""
        return self._of(period).columns.get(form, frozenset())

    def askable(self, form: str, period: str) -> frozenset[str]:
        """The rules that judge a form in a period and can be asked without what is personal."""
        return self._of(period).askable.get(form, frozenset())

    def _filer(self, form: str, judged: Source) -> str:
        city = self._scheme.municipality.code
        return city if form in self._of_municipality else judged.county

    def _of(self, period: str) -> _Rules:
        if period not in self._rules:
            self._rules[period] = self._compiled(period)
        return self._rules[period]

    def _compiled(self, period: str) -> _Rules:
        then = self._scheme.at(Period.parse(period))
        others: dict[str, set[Filed]] = defaultdict(set)
        columns: dict[str, set[str]] = defaultdict(set)
        askable: dict[str, set[str]] = defaultdict(set)
        for form in then.forms:
            if form.county_column is not None:
                columns[form.name].add(form.county_column)
        for relation in then.relations:
            operands = [*self._operands(relation, period)]
            filed = {(operand.form.name, at.id) for operand, at in operands}
            others[relation.form] |= filed - {(relation.form, period)}
            named = set(_named(relation, [operand for operand, at in operands if at.id == period]))
            personal = {(form, name) for form, name in named if then.form(form)[name].personal}
            if not personal:
                askable[relation.form].add(relation.id)
            for form_name, name in named - personal:
                columns[form_name].add(name)
        return _Rules(_frozen(others), _frozen(columns), _frozen(askable))

    def _operands(self, relation: Relation, period: str) -> Iterator[tuple[Operand, Period]]:
        for name in spoken_of(relation):
            yield from self._sources.of(name, Period.parse(period))


def _named(relation: Relation, operands: list[Operand]) -> Iterator[tuple[str, str]]:
    """Form and name of every column that a rule speaks of, with figures of its own period."""
    for operand in operands:
        conditions = (name for name, _ in operand.measure.where)
        for name in (*columns_of(operand.measure), *conditions):
            yield operand.form.name, name
    if relation.by is not None:
        for form in {relation.form, *(operand.form.name for operand in operands)}:
            yield form, relation.by


def _frozen(found: Mapping[str, set[T]]) -> Mapping[str, frozenset[T]]:
    return {form: frozenset(each) for form, each in found.items()}
