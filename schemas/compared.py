"""What the rules between forms compare a filing with, compiled from the scheme."""

from collections.abc import Iterator

from schemas.figures import Source, columns_of
from schemas.models import Relation, Scheme
from schemas.period import Period
from schemas.relations import Operand, Sources, spoken_of

_Filed = tuple[str, str]
"""A form and a period."""


class Compared:
    """Which filings, and which of their columns, the rules that judge a filing speak of."""

    def __init__(self, scheme: Scheme) -> None:
        self._scheme = scheme
        self._sources = Sources(scheme)
        self._spoken_of: dict[_Filed, frozenset[_Filed]] = {}

    def with_others(self, judged: Source) -> frozenset[Source]:
        """The filings that a filing is compared with, of other forms, periods and the city."""
        filed = judged.form, judged.period
        if filed not in self._spoken_of:
            self._spoken_of[filed] = frozenset(
                (operand.form.name, period.id)
                for relation in self._judging(*filed)
                for operand, period in self._operands(relation, judged.period)
            )
        sources = (Source(form, judged.county, at) for form, at in self._spoken_of[filed])
        return frozenset(source.filed(self._scheme) for source in sources) - {judged}

    def columns(self, form: str, period: str) -> frozenset[str]:
        """The columns of a form that rules of a period speak of, without what is personal."""
        declared = self._scheme.at(Period.parse(period)).form(form)
        found = {
            name
            for relation in self._scheme.at(Period.parse(period)).relations
            for of_form, name in self._named(relation, period)
            if of_form == form
        }
        if declared.county_column is not None:
            found.add(declared.county_column)
        return frozenset(name for name in found if not declared[name].personal)

    def askable(self, form: str, period: str) -> frozenset[str]:
        """The rules that judge a form and can be asked without what is personal."""
        then = self._scheme.at(Period.parse(period))
        return frozenset(
            relation.id
            for relation in self._judging(form, period)
            if not any(then.form(of)[name].personal for of, name in self._named(relation, period))
        )

    def _judging(self, form: str, period: str) -> Iterator[Relation]:
        relations = self._scheme.at(Period.parse(period)).relations
        return (relation for relation in relations if relation.form == form)

    def _operands(self, relation: Relation, period: str) -> Iterator[tuple[Operand, Period]]:
        for name in spoken_of(relation):
            yield from self._sources.of(name, Period.parse(period))

    def _named(self, relation: Relation, period: str) -> Iterator[tuple[str, str]]:
        """Form and name of every column that a rule speaks of."""
        forms = {relation.form}
        for operand, at in self._operands(relation, period):
            if at.id == period:
                forms.add(operand.form.name)
                conditions = (name for name, _ in operand.measure.where)
                for name in (*columns_of(operand.measure), *conditions):
                    yield operand.form.name, name
        if relation.by is not None:
            for form in forms:
                yield form, relation.by
