"""Ten years of monthly publications: what the tables behind the contract would hold of them.

Each month is published three times: on the night it is due with four of five returns, when all
are in, and when one in twenty was revised. Values are drawn at random: no query depends on them.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import Connection, Table, insert

from schemas.consolidated.measures import Measure, measures
from schemas.models import Form, OrgUnit, PeriodEntry, Scheme
from schemas.period import Period
from warehouse.bulk import bulk
from warehouse.mart import tables
from warehouse.tables import publications

_FORMS = 35
_FINDINGS = 300  # a month: one in two forms of a county
_COMPARISONS = 55  # a month, each of all counties and the municipality
_LATE, _REVISED = 0.2, 0.05  # of the returns
_DUE, _COMPLETE, _LAST = 1, 2, 3  # the publications of a month

Row = dict[str, object]


def monthly(scheme: Scheme, years: Sequence[int]) -> Scheme:
    """A scheme whose calendar has every month of some years, and at most 35 forms of counties."""
    of_counties = [form for form in scheme.forms if not form.of_municipality]
    entries = [
        PeriodEntry(id=p.id, opens=p.end, due=p.end + timedelta(days=10))
        for p in Period.all_of("month", years)
    ]
    return scheme.model_copy(
        update={"periods": tuple(entries), "forms": tuple(of_counties[:_FORMS]), "rule_files": {}}
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
    """What the publications of a month say."""

    scheme: Scheme
    entry: PeriodEntry
    random: Random

    def publications(self) -> Iterator[Row]:
        for serial in (_DUE, _COMPLETE, _LAST):
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
            for unit, serials, missing in self._news():
                for measure in of_form:
                    for serial, until in _editions(serials):
                        yield self._figure(form, unit, measure, serial, until, missing)

    def _figure(
        self,
        form: Form,
        unit: OrgUnit,
        measure: Measure,
        serial: int,
        until: int | None,
        missing: bool,
    ) -> Row:
        blank = missing and serial == _DUE
        value = Decimal(self.random.randrange(10**6)).scaleb(-measure.decimals)
        return {
            "form": form.name,
            "period": self.entry.id,
            "county_code": unit.code,
            "measure": measure.name,
            "serial": serial,
            "until_serial": until,
            "value": None if blank else value,
            "status": "missing" if blank else "normal",
            "version": None if blank or unit.code == self._city.code else max(1, serial - 1),
        }

    def returns(self) -> Iterator[Row]:
        for form in self.scheme.forms:
            for unit, serials, missing in self._news():
                for serial, until in _editions(serials):
                    late = missing and serial == _DUE
                    days = self.random.randrange(1, 5) if missing else 0
                    yield {
                        "form": form.name,
                        "period": self.entry.id,
                        "county_code": unit.code,
                        "serial": serial,
                        "until_serial": until,
                        "standing": "missing" if late else "accepted",
                        "due": self._due,
                        "received": None if late else self._due + timedelta(days=days),
                        "days_late": None if late else days,
                        "version": None if late else 1,
                        "errors": 0,
                        "warnings": 0,
                        "counties_reported": len(self.scheme.counties),
                        "counties_owed": len(self.scheme.counties),
                    }

    def findings(self) -> Iterator[Row]:
        for number in range(_FINDINGS):
            serials = (_DUE, _COMPLETE) if self.random.random() < _LATE else (_DUE,)
            row: Row = {
                "period": self.entry.id,
                "sha256": f"{self.random.getrandbits(256):064x}",
                "key": f"{number}",
                "county_code": self.random.choice(self.scheme.counties).code,
                "form": self.random.choice(self.scheme.forms).name,
                "severity": self.random.choice(["error", "warning", "notice"]),
                "code": "rule-failed",
                "cells": "R04 沼气池建设进度表!C7; R04 沼气池建设进度表!C8",
                "fact_zh": "C7“本年累计建成”为105个，"
                "而C8“本期建成”与C9“上期累计”之和为101个，相差4个。",
                "fact_en": "C7 (built since January) is 105, but C8 (built in the period) + C9 "
                "(since January, in the period before) make 101; the difference is 4.",
                "lines": 1,
            }
            for serial, until in _editions(serials):
                state = "open" if serial == _DUE else "explained"
                yield {**row, "serial": serial, "until_serial": until, "state": state}

    def comparisons(self) -> Iterator[Row]:
        for number in range(_COMPARISONS):
            for unit, serials, missing in self._news():
                expected = Decimal(self.random.randrange(10**6)).scaleb(-2)
                difference = Decimal(self.random.randrange(-3, 4))
                row: Row = {
                    "period": self.entry.id,
                    "rule": f"rule_{number}",
                    "county_code": unit.code,
                    "form": self.scheme.forms[number % len(self.scheme.forms)].name,
                    "against": ("plan", "earlier", "form", "lines")[number % 4],
                    "stated": expected + difference,
                    "expected": expected,
                    "difference": difference,
                    "cause": "late" if missing else "differs",
                    "label_zh": "本年完成数等于市里下达的计划数",
                    "label_en": "what was completed is what was planned",
                }
                for serial, until in _editions(serials):
                    yield {**row, "serial": serial, "until_serial": until}

    def _news(self) -> Iterator[tuple[OrgUnit, tuple[int, ...], bool]]:
        """Each unit with the publications that say something new of it, and whether it was late."""
        for county in self.scheme.counties:
            late = self.random.random() < _LATE
            revised = self.random.random() < _REVISED
            yield county, (_DUE, *[_COMPLETE] * late, *[_LAST] * revised), late
        yield self._city, (_DUE, _COMPLETE, _LAST), False

    @property
    def _city(self) -> OrgUnit:
        return self.scheme.municipality

    @property
    def _due(self) -> date:
        return self.entry.due


def _editions(serials: Sequence[int]) -> Iterator[tuple[int, int | None]]:
    """From which publication to which each edition stands."""
    return zip(serials, [*serials[1:], None], strict=True)
