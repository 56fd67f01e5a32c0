"""Where the figures of a rule between forms are taken from: what came before what is accepted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from expectations.relation_case import RelationCase, Taken
from schemas.consolidated.figures import Figure, Figures, Lines, Source, figure, of_county
from schemas.consolidated.relations import Operand, Sources, spoken_of
from schemas.filing import Filing
from schemas.findings import has_errors
from schemas.models import Form, Relation, Scheme
from schemas.period import Period

_Filed = tuple[str, str, str]
"""A filing by its form, who files it, and its period."""


@dataclass(frozen=True)
class _Place:
    """Where a figure can be taken from: the form of a period.

    `city` is the municipality where that files it, of whose lines those of a county are chosen if
    they name one; `owing` are all who file it.
    """

    operand: Operand
    period: str
    city: str | None
    by_county: bool
    owing: frozenset[str]

    def filed(self, county: str) -> _Filed:
        """The filing in which the figure of a county stands."""
        return self.operand.form.name, self.city or county, self.period


_Places = Mapping[str, Sequence[_Place]]
"""By the names of figures, the places of each, the best one first."""


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
        self._alike: dict[tuple[str, str], list[Filing]] = defaultdict(list)
        for filings in returns:
            for filing in filings:
                self._alike[filing.form, filing.period].append(filing)
        # Of two filings that came the later one will count.
        self._came = _by_place(filing for filings in returns for filing in filings)
        self._kept = _by_place(kept)
        self._lines: dict[int, Lines] = {}
        self._worked_out: dict[tuple[int, int, str], Figure] = {}
        self._places: dict[tuple[str, Period], list[_Place]] = {}
        self._spoken: dict[tuple[int, Period], _Places] = {}
        self._relations: dict[tuple[str, str], list[tuple[Relation, Form, _Places]]] = {}

    def cases(self, filings: Sequence[Filing]) -> list[list[RelationCase]]:
        """The relations that judge each filing of a file, with their figures."""
        in_file = _by_place(filings)
        return [
            [
                RelationCase(relation, form, filing, self._figures(places, filing.county, in_file))
                for relation, form, places in self._judging(filing)
                if _applies(places.values(), filing.county)
            ]
            for filing in filings
        ]

    def _judging(self, filing: Filing) -> list[tuple[Relation, Form, _Places]]:
        """The relations that may judge a filing, its form, and the figures that they speak of."""
        key = filing.form, filing.period
        if key not in self._relations:
            period = Period.parse(filing.period)
            then = self._scheme.at(period)
            self._relations[key] = [
                (relation, then.form(relation.form), self._places_of(relation, period))
                for relation in then.relations
                if relation.by is None and relation.form == filing.form
            ]
        return self._relations[key]

    def _figures(
        self, places: _Places, county: str, in_file: Mapping[_Filed, Filing]
    ) -> dict[str, Taken]:
        found = {name: next(self._found(of, county, in_file), None) for name, of in places.items()}
        return {name: one for name, one in found.items() if one is not None}

    def beside(
        self, relation: Relation, filing: Filing, in_file: Sequence[Filing]
    ) -> dict[str, tuple[Operand, Filing | None]]:
        """The figures that a relation speaks of, with the filing that came for each or is accepted.

        One that came with cells that are blank or unreadable counts as none: what is missing in it
        is told.
        """
        of_file = _by_place(in_file)
        found: dict[str, tuple[Operand, Filing | None]] = {}
        for name, places in self._places_of(relation, Period.parse(filing.period)).items():
            for place in places:
                filed = place.filed(filing.county)
                other = of_file.get(filed) or self._came.get(filed) or self._kept.get(filed)
                sound = other is not None and not has_errors(other.findings)
                found[name] = place.operand, other if sound else None
        return found

    def applies(self, relation: Relation, filing: Filing) -> bool:
        """Whether the county, or for it the city, owes every form that a relation speaks of."""
        places = self._places_of(relation, Period.parse(filing.period))
        return _applies(places.values(), filing.county)

    def _places_of(self, relation: Relation, judged: Period) -> _Places:
        """Where each figure can be taken from when a filing of a period is judged."""
        key = id(relation), judged  # relations stay in the scheme
        if key not in self._spoken:
            names = spoken_of(relation)
            self._spoken[key] = {name: self._places_named(name, judged) for name in names}
        return self._spoken[key]

    def _places_named(self, name: str, judged: Period) -> Sequence[_Place]:
        """Where a figure can be taken from when one of a period is judged, the best place first."""
        key = name, judged
        if key not in self._places:
            self._places[key] = [self._place(*found) for found in self._sources.of(*key)]
        return self._places[key]

    def _place(self, operand: Operand, period: Period) -> _Place:
        form, scheme = operand.form, self._scheme
        owing = scheme.at(period).owing(form, period)
        return _Place(
            operand=operand,
            period=period.id,
            city=scheme.municipality.code if scheme.form(form.name).of_municipality else None,
            by_county=form.county_column is not None,
            owing=frozenset(unit.code for unit in owing),
        )

    def taken(self, name: str, county: str, period: Period) -> Taken | None:
        """The figure that a name stands for, of a county in a period; None where it is unknown.

        Its filing is set where it is one that came.
        """
        return next(self._found(self._places_named(name, period), county, self._came), None)

    def _found(
        self, places: Sequence[_Place], county: str, in_file: Mapping[_Filed, Filing]
    ) -> Iterator[Taken]:
        """The figure in every period from which it can be taken, the preferred one first."""
        for place in places:
            operand, filed = place.operand, place.filed(county)
            source = Source(operand.form.name, county, place.period)
            beside = in_file.get(filed)
            came = beside or self._came.get(filed)
            if came is not None:
                yield Taken(operand, source, self._figure(place, came, county), beside)
            elif self._accepted and (source, operand.measure) in self._accepted:
                yield Taken(operand, source, self._accepted[source, operand.measure], None)

    def _figure(self, place: _Place, filing: Filing, county: str) -> Figure:
        """The figure of a county in a filing; unknown while that has blank or unreadable cells.

        They are told of already, and what they make of the figure is not another fault.
        """
        operand = place.operand
        key = id(filing), id(operand), county if place.by_county else ""
        if key not in self._worked_out:
            measure = operand.measure
            if place.by_county:
                measure = of_county(measure, operand.form, self._scheme.county(county))
            found = figure(measure, self._lines_of(operand, filing))
            if has_errors(filing.findings) or not found.complete:
                found = replace(found, value=None)
            self._worked_out[key] = found
        return self._worked_out[key]

    def _lines_of(self, operand: Operand, filing: Filing) -> Lines:
        if id(filing) not in self._lines:
            alike = self._alike[filing.form, filing.period]
            every = Lines.of_each(operand.form, [one.frame for one in alike])
            self._lines |= {id(one): lines for one, lines in zip(alike, every, strict=True)}
        return self._lines[id(filing)]


def _applies(figures: Iterable[Sequence[_Place]], county: str) -> bool:
    return all(any((p.city or county) in p.owing for p in places) for places in figures)


def _by_place(filings: Iterable[Filing]) -> dict[_Filed, Filing]:
    return {(filing.form, filing.county, filing.period): filing for filing in filings}
