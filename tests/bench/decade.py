"""Ten years of monthly publications: what the tables behind the contract would hold of them.

Every figure, return, finding and comparison of each month is there, and one filing in twenty was
revised once; values are drawn at random, as no query depends on them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import Connection, Table, insert

from schemas.measures import Measure, measures
from schemas.models import Form, OrgUnit, PeriodEntry, Scheme
from schemas.period import Period
from warehouse.bulk import bulk
from warehouse.mart import tables
from warehouse.tables import publications

_FINDINGS = 60  # a month
_COMPARISONS = 30  # a month, each of all counties and the municipality
_REVISED = 0.05  # of the returns
_FORMS = 35

Row = dict[str, object]


def monthly(scheme: Scheme, years: Sequence[int], forms: int = _FORMS) -> Scheme:
    """A scheme whose calendar has every month of some years, and so many forms of counties."""
    of_counties = [form for form in scheme.forms if not form.of_municipality]
    entries = [
        PeriodEntry(id=p.id, opens=p.end, due=p.end + timedelta(days=10))
        for p in Period.all_of("month", years)
    ]
    return scheme.model_copy(
        update={"periods": tuple(entries), "forms": tuple(of_counties[:forms]), "rule_files": {}}
    )


def fill(connection: Connection, scheme: Scheme) -> int:
    """Fill the tables behind the contract for every period of a scheme; how many figures."""
    random = Random(0)
    counted = 0
    for entry in scheme.periods:
        month = _Month(scheme, entry, random)
        connection.execute(insert(publications), [*month.publications()])
        counted += _add(connection, tables.figures, month.figures())
        _add(connection, tables.returns, month.returns())
        _add(connection, tables.findings, month.findings())
        _add(connection, tables.comparisons, month.comparisons())
    return counted


def _add(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    kept = list(rows)
    bulk(connection, table, {name: [row[name] for row in kept] for name in kept[0]})
    return len(kept)


@dataclass(frozen=True)
class _Month:
    """What two publications of one month say: of all returns, and of those revised later."""

    scheme: Scheme
    entry: PeriodEntry
    random: Random

    @property
    def _units(self) -> tuple[OrgUnit, ...]:
        return (*self.scheme.counties, self.scheme.municipality)

    def publications(self) -> Iterator[Row]:
        for serial in (1, 2):
            moment = datetime.combine(self._due + timedelta(days=serial), time(18, 30), UTC)
            yield {
                "period": self.entry.id,
                "serial": serial,
                "as_of": moment,
                "folder": f"{serial:04d}",
                "scheme_version": self.scheme.version,
                "scheme_fingerprint": self.scheme.fingerprint,
                "files": {},
            }

    def figures(self) -> Iterator[Row]:
        for form in self.scheme.forms:
            of_form = measures(form, self.scheme)
            for unit in self._units:
                revised = self.random.random() < _REVISED
                for measure in of_form:
                    yield from self._editions(form, unit, measure, revised)

    def _editions(
        self, form: Form, unit: OrgUnit, measure: Measure, revised: bool
    ) -> Iterator[Row]:
        for serial in (1, 2) if revised else (1,):
            yield {
                "form": form.name,
                "period": self.entry.id,
                "county_code": unit.code,
                "measure": measure.name,
                "serial": serial,
                "until_serial": 2 if revised and serial == 1 else None,
                "value": Decimal(self.random.randrange(10**6)).scaleb(-measure.decimals),
                "status": "normal",
                "version": serial,
            }

    def returns(self) -> Iterator[Row]:
        for form in self.scheme.forms:
            for unit in self._units:
                late = max(0, self.random.randrange(-20, 5))
                yield {
                    "form": form.name,
                    "period": self.entry.id,
                    "county_code": unit.code,
                    "serial": 1,
                    "standing": "accepted",
                    "due": self._due,
                    "received": self._due + timedelta(days=late),
                    "days_late": late,
                    "version": 1,
                    "errors": 0,
                    "warnings": 0,
                    "counties_reported": len(self.scheme.counties),
                    "counties_owed": len(self.scheme.counties),
                }

    def findings(self) -> Iterator[Row]:
        for number in range(_FINDINGS):
            yield {
                "period": self.entry.id,
                "sha256": f"{self.random.getrandbits(256):064x}",
                "key": f"{number}",
                "serial": 1,
                "county_code": self.random.choice(self.scheme.counties).code,
                "form": self.random.choice(self.scheme.forms).name,
                "severity": self.random.choice(["error", "warning", "notice"]),
                "code": "rule-failed",
                "state": self.random.choice(["open", "explained"]),
                "fact_zh": "C7 为 105，而 C8 + C9 为 101。",
                "fact_en": "C7 is 105, but C8 + C9 make 101.",
                "lines": 1,
            }

    def comparisons(self) -> Iterator[Row]:
        for number in range(_COMPARISONS):
            for unit in self._units:
                expected = Decimal(self.random.randrange(10**6)).scaleb(-2)
                difference = Decimal(self.random.randrange(-3, 4))
                yield {
                    "period": self.entry.id,
                    "rule": f"rule_{number}",
                    "county_code": unit.code,
                    "serial": 1,
                    "form": self.scheme.forms[number % len(self.scheme.forms)].name,
                    "against": ("plan", "earlier", "form", "lines")[number % 4],
                    "stated": expected + difference,
                    "expected": expected,
                    "difference": difference,
                    "cause": "differs" if difference else "agrees",
                    "label_zh": "本年完成数等于计划数",
                    "label_en": "what was completed is what was planned",
                }

    @property
    def _due(self) -> date:
        return self.entry.due
