"""Where the figures of a rule between forms are taken from: what came before what is accepted."""

from collections import ChainMap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from expectations.relation_case import RelationCase, Taken
from schemas.consolidated.figures import Figure, Figures, Lines, Source, figure, of_county
from schemas.consolidated.measures import Measure
from schemas.consolidated.relations import Operand, Sources, spoken_of
from schemas.filing import Filing
from schemas.findings import has_errors
from schemas.models import Relation, Scheme
from schemas.period import Period


class Known:
    """Every figure that is known on one night."""

    def __init__(
        self,
        returns: Sequence[Sequence[Filing]],
        scheme: Scheme,
        accepted: Figures,
        kept: Sequence[Filing] = (),
    ) -> None:
        self._scheme = scheme
        self._accepted = accepted
        self._sources = Sources(scheme)
        # Of two filings that came the later one will count.
        self._came = {Source.of(filing): filing for filings in returns for filing in filings}
        self._kept = {Source.of(filing): filing for filing in kept}
        self._lines: dict[int, Lines] = {}
        self._worked_out: dict[tuple[int, Measure], Figure] = {}
        self._owing: dict[tuple[str, Period], frozenset[str]] = {}

    def cases(self, filing: Filing, beside: Sequence[Filing]) -> list[RelationCase]:
        """The relations that judge a filing, with their figures; `beside` came in the same file."""
        then = self._scheme.at(Period.parse(filing.period))
        in_file = {Source.of(other): other for other in beside}
        return [
            self._case(then, relation, filing, in_file)
            for relation in then.relations
            if relation.by is None and relation.form == filing.form
            if self.applies(relation, filing)
        ]

    def beside(
        self, relation: Relation, filing: Filing, in_file: Sequence[Filing]
    ) -> dict[str, tuple[Operand, Filing | None]]:
        """The figures that a relation speaks of, with the filing that came for each or is accepted.

        One that came with cells that are blank or unreadable counts as none: what is missing in it
        is told.
        """
        came = ChainMap({Source.of(other): other for other in in_file}, self._came, self._kept)
        found: dict[str, tuple[Operand, Filing | None]] = {}
        for name in spoken_of(relation):
            for operand, period in self._sources.of(name, Period.parse(filing.period)):
                source = Source(operand.form.name, filing.county, period.id).filed(self._scheme)
                other = came.get(source)
                sound = other is not None and not has_errors(other.findings)
                found[name] = operand, other if sound else None
        return found

    def applies(self, relation: Relation, filing: Filing) -> bool:
        """Whether the county, or for it the city, owes every form that a relation speaks of."""
        period = Period.parse(filing.period)
        return all(
            any(
                self._filer(operand, filing.county) in self._filers(operand, source)
                for operand, source in self._sources.of(name, period)
            )
            for name in spoken_of(relation)
        )

    def _filer(self, operand: Operand, county: str) -> str:
        return self._scheme.filer(operand.form, self._scheme.county(county)).code

    def _filers(self, operand: Operand, period: Period) -> frozenset[str]:
        key = operand.form.name, period
        if key not in self._owing:
            owing = self._scheme.at(period).owing(operand.form, period)
            self._owing[key] = frozenset(unit.code for unit in owing)
        return self._owing[key]

    def _case(
        self, then: Scheme, relation: Relation, filing: Filing, in_file: dict[Source, Filing]
    ) -> RelationCase:
        names, period = spoken_of(relation), Period.parse(filing.period)
        found = {n: next(self._found(n, filing.county, period, in_file), None) for n in names}
        taken = {name: one for name, one in found.items() if one is not None}
        return RelationCase(relation, then.form(relation.form), filing, taken)

    def taken(self, name: str, county: str, period: Period) -> Taken | None:
        """The figure that a name stands for, of a county in a period; None where it is unknown.

        Its filing is set where it is one that came.
        """
        return next(self._found(name, county, period, self._came), None)

    def _found(
        self, name: str, county: str, judged: Period, in_file: Mapping[Source, Filing]
    ) -> Iterator[Taken]:
        """The figure in every period from which it can be taken, the preferred one first."""
        for operand, period in self._sources.of(name, judged):
            source = Source(operand.form.name, county, period.id)
            filed = source.filed(self._scheme)
            came = in_file.get(filed) or self._came.get(filed)
            if came is not None:
                found = self._figure(operand, came, county)
                yield Taken(operand, source, found, in_file.get(filed))
            elif (source, operand.measure) in self._accepted:
                yield Taken(operand, source, self._accepted[source, operand.measure], None)

    def _figure(self, operand: Operand, filing: Filing, county: str) -> Figure:
        """The figure of a county in a filing; unknown while that has blank or unreadable cells.

        They are told of already, and what they make of the figure is not another fault.
        """
        measure = of_county(operand.measure, operand.form, self._scheme.county(county))
        key = id(filing), measure
        if key not in self._worked_out:
            lines = self._lines.setdefault(id(filing), Lines(operand.form, filing.frame))
            found = figure(measure, lines)
            if has_errors(filing.findings) or not found.complete:
                found = replace(found, value=None)
            self._worked_out[key] = found
        return self._worked_out[key]
