"""The returns of the nights that are measured, made once and kept in build/bench.

Small: the annual returns of 17 counties in all forms, with a dozen households of each county.
Register: these with the whole registers in the place of the dozen, 140,600 households and 423,000
persons. Wide: the small ones of ten times as many counties, each of which is one of the 17 under
another name and number.
"""

import csv
import json
import shutil
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from schemas.language.expression import Value
from schemas.language.id_number import check_character, is_id_number
from schemas.models import OrgUnit, Scheme
from schemas.period import Period
from schemas.sample import sample_lines, write_register
from schemas.scheme import CATALOG, load_scheme
from schemas.template.template import write_workbook
from tests.bench.listed import listed

KEPT = Path("build") / "bench"
PERIOD = Period.parse("2015")
TIMES = 10
_FOLDER = CATALOG / "linfen"
_REGISTERS = ("hh_register", "hh_member")
_PREFIXES = "甲乙丙丁戊己庚辛壬"  # what the names of the further counties begin with

Line = Mapping[str, Value | None]


@dataclass(frozen=True)
class Returns:
    """What one night is about: the scheme's folder, what came, and what an analyst has listed."""

    scheme: Path
    inbox: Path
    listed: Path


def small() -> Returns:
    """The returns of 17 counties."""
    return _made("small", _FOLDER, lambda inbox: _write_small(inbox, ()))


def register() -> Returns:
    """The same with the registers, which take some minutes to make."""

    def write(inbox: Path) -> Iterator[Path]:
        yield from _write_small(inbox, _REGISTERS)
        yield from write_register(load_scheme(_FOLDER), _FOLDER, inbox)

    return _made("register", _FOLDER, write)


def wide() -> Returns:
    """The returns of 170 counties, by a scheme that has them."""
    folder = KEPT / "scheme-wide"
    if not folder.exists():
        widen(_FOLDER, folder)
    return _made("wide", folder, lambda inbox: _write_wide(load_scheme(folder), inbox))


def _made(name: str, scheme: Path, write: Callable[[Path], Iterable[Path]]) -> Returns:
    """Returns by their name, made where they are not there by this very scheme."""
    loaded = load_scheme(scheme)
    folder = KEPT / f"{name}-{loaded.fingerprint[:12]}"
    if not folder.exists():
        making = folder.with_suffix(".making")
        shutil.rmtree(making, ignore_errors=True)
        for _ in write(making / "inbox"):
            pass
        words = json.dumps(listed(loaded, PERIOD), ensure_ascii=False)
        (making / "listed.json").write_text(words, encoding="utf-8")
        making.rename(folder)
    return Returns(scheme, folder / "inbox", folder / "listed.json")


def _write_small(inbox: Path, without: Collection[str]) -> Iterator[Path]:
    scheme = load_scheme(_FOLDER)
    for code, lines in sample_lines(scheme, _FOLDER, PERIOD).items():
        yield _write(scheme, scheme.county(code), lines, inbox, without)


def widen(scheme: Path, target: Path) -> None:
    """The files of a scheme with ten times its counties."""
    shutil.copytree(scheme, target, ignore=shutil.ignore_patterns("sample", "__pycache__"))
    with (scheme / "org_units.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    with (target / "org_units.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows(rows)
        for turn, prefix in enumerate(_PREFIXES, start=1):
            for row in rows:
                if row["groups"] != "municipality":
                    table.writerow(_further(row, turn, prefix))


def _further(row: Mapping[str, str], turn: int, prefix: str) -> dict[str, str]:
    names = {name: prefix + row[name] for name in ("name", "short_name", "traditional_name")}
    codes = {name: _moved(row[name], turn) for name in ("code", "old_code")}
    none = {"old_names": "", "tile_row": "", "tile_column": ""}
    return {**row, **names, **codes, **none, "english_name": f"{row['english_name']} {turn}"}


def _moved(code: str, turn: int) -> str:
    """A code in another province: 141034 in turn 1 is 151034."""
    return f"{int(code[:2]) + turn}{code[2:]}"


def _write_wide(scheme: Scheme, inbox: Path) -> Iterator[Path]:
    """Every county's lines ten times; the city's, of all counties that they name."""
    original = load_scheme(_FOLDER)
    lines = sample_lines(original, _FOLDER, PERIOD)
    of_city = lines.pop(original.municipality.code)
    for form in original.forms:
        if form.county_column is not None:
            turns = [in_turn(original, of_city[form.name], turn) for turn in range(TIMES)]
            of_city[form.name] = [line for of_turn in turns for line in of_turn]
    yield _write(scheme, scheme.municipality, of_city, inbox)
    for turn in range(TIMES):
        for code, of_county in lines.items():
            told = {form: in_turn(original, found, turn) for form, found in of_county.items()}
            yield _write(scheme, scheme.county(_moved(code, turn)), told, inbox)


def _write(
    scheme: Scheme,
    unit: OrgUnit,
    lines: Mapping[str, Sequence[Line]],
    inbox: Path,
    without: Collection[str] = (),
) -> Path:
    """Write the workbook of a county, of all forms that it owes but some."""
    path = inbox / PERIOD.id / f"{unit.code}-{unit.name.zh}-{PERIOD.id}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    forms = [form for form in scheme.forms_owed(unit, PERIOD) if form.name not in without]
    path.write_bytes(write_workbook(scheme, unit, PERIOD, lines, forms=forms))
    return path


def in_turn(scheme: Scheme, lines: Sequence[Line], turn: int) -> list[dict[str, Value | None]]:
    """Lines with their counties', households' and persons' numbers in another province."""
    prefixes = {code for unit in scheme.counties for code in (unit.code, unit.old_code)}

    def moved(value: Value | None) -> Value | None:
        if not isinstance(value, str) or value[:6] not in prefixes:
            return value
        number = _moved(value, turn)
        if is_id_number(value):
            return number[:17] + check_character(number[:17]) + number[18:]
        return number

    return [{name: moved(value) for name, value in line.items()} for line in lines]
