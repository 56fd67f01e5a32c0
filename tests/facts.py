"""The printed figures of the documents, and where they stand in the published tables.

tests/data/facts.csv has every figure that the documents print of 临汾; facts_carried.csv says for
each that a form can carry where it stands, and facts_not_carried.csv why the others have no place.
`python -m tests.facts site/published` lists them as a publication has them.
"""

import csv
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from pathlib import Path
from typing import Literal

from schemas.models import Scheme
from schemas.scheme import CATALOG, load_scheme

DATA = Path(__file__).parent / "data"
FACTORS = {
    "万人": 10_000,
    "万户": 10_000,
    "万亩": 10_000,
    "万人次": 10_000,
    "万份": 10_000,
    "兆瓦": 1_000,
    "亿元": 10_000,
}
"""How many of the unit of a form make one of the unit of print."""

Relation = Literal["equal", "more", "nearly", "cut", "blank", "counties"]
Table = Mapping[str, Mapping[str, Decimal | None]]
"""A consolidated table: the code of a county or of the municipality → measure → figure."""


@dataclass(frozen=True)
class Carried:
    """Where a printed figure stands: form, measure and row of the tables of a period.

    Printed is what the figure is (`equal`), a round number below it (`more`) or above it
    (`nearly`), or its whole part (`cut`); `blank` was left out in print. `counties` prints how many
    counties of the group `row` have a figure that meets the condition.
    """

    fact_id: str
    period: str
    form: str
    measure: str
    row: str
    relation: Relation
    condition: str


@dataclass(frozen=True)
class Found:
    """A printed figure beside what a table has for it."""

    carried: Carried
    printed: Decimal | None
    published: Decimal | None

    @property
    def agrees(self) -> bool:
        """Whether the table has what is printed."""
        printed, published = self.printed, self.published
        if printed is None or published is None:
            return printed == published
        match self.carried.relation:
            case "more":
                return printed < published < printed * Decimal("1.1")
            case "nearly":
                return printed * Decimal("0.9") < published < printed
            case "cut":
                return published.quantize(Decimal(1), ROUND_DOWN) == printed
            case _:
                return published == printed


def rows(name: str) -> list[dict[str, str]]:
    """One of the tables beside this file."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def carried() -> list[Carried]:
    """Every printed figure that a form can carry."""
    return [Carried(**row) for row in rows("facts_carried.csv")]  # type: ignore[arg-type]


def printed(fact: Mapping[str, str]) -> Decimal | None:
    """A printed figure in the unit of its form; None where the document left it out."""
    value = fact["value"].replace("?85 (garbled)", "185")  # 185 by arithmetic: its 1 was lost
    return Decimal(value) * FACTORS.get(fact["unit"], 1) if value else None


def compare(scheme: Scheme, tables: Mapping[tuple[str, str], Table]) -> Iterator[Found]:
    """Each printed figure beside the published one; `tables` by period and name of the form."""
    facts = {fact["fact_id"]: fact for fact in rows("facts.csv")}
    for place in carried():
        table = tables[place.period, place.form]
        stated = printed(facts[place.fact_id])
        if stated is not None and (place.form, place.measure) == ("education", "grant_amount"):
            stated *= 10_000  # printed in 万元, reported in 元
        yield Found(place, stated, _published(scheme, place, table))


def _published(scheme: Scheme, place: Carried, table: Table) -> Decimal | None:
    if place.relation != "counties":
        units = (scheme.municipality, *scheme.counties)
        code = next(unit.code for unit in units if unit.name.zh == place.row)
        return table[code][place.measure]
    group = [unit for unit in scheme.counties if place.row in ({"all"} | unit.groups)]
    figures = [table.get(unit.code, {}).get(place.measure) for unit in group]
    return Decimal(sum(f is not None and _meets(f, place.condition) for f in figures))


def _meets(figure: Decimal, condition: str) -> bool:
    sign, _, limit = condition.partition(" ")
    return {">": figure > 0, "=": figure == Decimal(limit), "<=": figure <= Decimal(limit)}[sign]


def published_tables(folder: Path) -> dict[tuple[str, str], Table]:
    """The tables of the latest publications in a site's published folder."""
    found: dict[tuple[str, str], Table] = {}
    for path in folder.glob("*/latest/data/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            lines = [line for line in csv.DictReader(file) if "county_code" in line]
        found[path.parts[-4], path.stem] = {
            line["county_code"]: {name: _number(text) for name, text in line.items()}
            for line in lines
        }
    return found


def _number(text: str) -> Decimal | None:
    return Decimal(text) if text.replace(".", "", 1).replace("-", "", 1).isdigit() else None


def listing(scheme: Scheme, found: Iterator[Found]) -> Iterator[str]:
    """A line for each printed figure: fact, table, row, column, value."""
    for each in found:
        place = each.carried
        table = f"{place.period} {scheme.form(place.form).code} {place.form}"
        row = f"{place.relation} {place.row} {place.condition}".rstrip()
        verdict = "agrees" if each.agrees else f"DIFFERS from {each.printed}"
        yield "\t".join((place.fact_id, table, row, place.measure, str(each.published), verdict))


if __name__ == "__main__":
    linfen = load_scheme(CATALOG / "linfen")
    for line in listing(linfen, compare(linfen, published_tables(Path(sys.argv[1])))):
        sys.stdout.write(f"{line}\n")
