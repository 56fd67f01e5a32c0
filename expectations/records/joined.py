"""The filings of a county as one record: the cells of several forms, and the rules between them.

Each filing brings its cells and everything that must hold inside of it, each rule between forms a
test over the cells that make its figures (`spanning`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from expectations.diagnose.edit import Edit
from expectations.records.spanning import Spanning, spanning
from expectations.records.sums import Place, Sums, led_by, sums_of
from expectations.relation_case import RelationCase, Taken
from schemas.filing import Filing
from schemas.findings import Severity
from schemas.models import Form, Scheme


@dataclass(frozen=True)
class Joined:
    """The cells of several filings, and all that must hold of them.

    `sums` is what can be said in cells, other figures being as they are. `between` are the rules
    between forms by the ids of their tests, `filings` and `forms` the filings by their names.
    """

    sums: Sums
    between: Mapping[str, Spanning]
    filings: Mapping[str, Filing]
    forms: Mapping[str, Form]

    @cached_property
    def figures(self) -> Mapping[str, Taken]:
        """The figures without cells that may be wrong, by name."""
        return {name: t for rule in self.between.values() for name, t in rule.figures.items()}

    @cached_property
    def edits(self) -> Sequence[Edit]:
        """All sums, those between forms with the figures as values too."""
        inside = (edit for edit in self.sums.edits if edit.id not in self.between)
        rules = self.between.values()
        return [*inside, *(rule.open for rule in rules if rule.open is not None)]


def _notices(rules: Iterable[Spanning]) -> Iterator[str]:
    relations = ((rule.test.id, rule.case.relation) for rule in rules)
    return (name for name, relation in relations if relation.gravity is Severity.NOTICE)


def joined(
    scheme: Scheme,
    filings: Mapping[str, tuple[Form, Filing]],
    cases: Sequence[RelationCase],
    places: Mapping[str, Sequence[Place]],
) -> Joined:
    """Filings by their names as one record, with the rules between them.

    `places` are where the checks of a filing failed; of a long list those lines alone are cells.
    """
    each = [
        led_by(name, sums_of(form, filing, places.get(name, ()), scheme.units))
        for name, (form, filing) in filings.items()
    ]
    record = {name: value for one in each for name, value in one.record.items()}
    cells = {name: cell for one in each for name, cell in one.cells.items()}
    stated = {name: record[name] for name in cells}
    rules = [rule for case in cases if (rule := spanning(case, stated)) is not None]
    closed = (rule.closed for rule in rules)
    return Joined(
        Sums(
            record,
            (*(e for one in each for e in one.edits), *(e for e in closed if e is not None)),
            cells,
            {name: indicator for one in each for name, indicator in one.indicators.items()},
            tuple(pair for one in each for pair in one.pairs),
            (*(test for one in each for test in one.tests), *(rule.test for rule in rules)),
            {column: factors for one in each for column, factors in one.factors.items()},
            frozenset().union(*(one.notices for one in each), _notices(rules)),
        ),
        {rule.test.id: rule for rule in rules},
        {name: filing for name, (_, filing) in filings.items()},
        {name: form for name, (form, _) in filings.items()},
    )
