"""Read org_units.csv: the municipality and its counties, with what they were at other times.

One row per county, and one more for every earlier name or group of it, with the same code: `until`
is the last period in which a row held, `why` and `english_why` say what changed then. A county
that was merged into another has that one's code as `successor`. Of the columns only code, name,
english_name and groups have to be there.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from pydantic import ValidationError

from schemas.models import OrgUnit
from schemas.text import Text

_REQUIRED = ("code", "name", "english_name", "groups")

_Row = tuple[int, OrgUnit]


def read_org_units(path: Path) -> tuple[list[OrgUnit], list[str]]:
    """The units in the order of the file, and every problem with its line."""
    if not path.is_file():
        return [], [f"{path.name}: the file is missing"]
    by_code: dict[str, list[_Row]] = {}
    problems = []
    with path.open(encoding="utf-8", newline="") as file:
        table = csv.DictReader(file)
        missing = [name for name in _REQUIRED if name not in (table.fieldnames or ())]
        if missing:
            return [], [f"{path.name}:1: no column {name}" for name in missing]
        for number, row in enumerate(table, start=2):
            try:
                unit = _org_unit({name: cell for name, cell in row.items() if cell})
                by_code.setdefault(unit.code, []).append((number, unit))
            except ValueError as error:
                problems.append(f"{path.name}:{number}: {_told(error)}")
    for rows in by_code.values():
        rows.sort(key=lambda row: row[1].ends)
        problems += [f"{path.name}:{number}: {told}" for number, told in _out_of_step(rows)]
    return [_with_history([unit for _, unit in rows]) for rows in by_code.values()], problems


def _org_unit(row: dict[str, str]) -> OrgUnit:
    code, name = row.get("code"), row.get("name")
    optional = ("since", "until", "successor", "tile_row", "tile_column")
    return OrgUnit.model_validate(
        {
            "code": code,
            "name": _text(row, "name", "english_name"),
            "short_name": row.get("short_name", name),
            "traditional_name": row.get("traditional_name", name),
            "old_code": row.get("old_code", code),
            "why": _text(row, "why", "english_why"),
            "old_names": tuple(row.get("old_names", "").split()),
            "groups": frozenset(row.get("groups", "").split()),
            **{name: row[name] for name in optional if name in row},
        }
    )


def _text(row: dict[str, str], zh: str, en: str) -> Text | None:
    """The words of two columns; None where both are blank."""
    words = {"zh": row.get(zh), "en": row.get(en)}
    return Text.model_validate(words) if any(words.values()) else None


def _told(error: ValueError) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    problems = error.errors()
    return "; ".join(": ".join([*map(str, p["loc"]), p["msg"]]) for p in problems)


def _out_of_step(rows: Sequence[_Row]) -> Iterator[tuple[int, str]]:
    """The rows of a county, in the order of time, that do not follow on the one before."""
    for (_, before), (number, unit) in pairwise(rows):
        if before.ends == unit.ends:
            yield number, f"county code {unit.code!r} is used twice; end the earlier row with until"
        elif unit.since and unit.begins != before.ends + timedelta(days=1):
            yield number, f"since {unit.since}, but the row before it holds until {before.until}"


def _with_history(rows: Sequence[OrgUnit]) -> OrgUnit:
    *earlier, last = rows
    if not earlier:
        return last
    formerly = tuple(row.model_copy(update={"since": None}) for row in earlier)
    return last.model_copy(update={"since": rows[0].since, "formerly": formerly})
