"""Write the sample returns as the files that counties would send."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from schemas.language.each import Each
from schemas.models import Scheme
from schemas.period import Period
from schemas.sample.faults import load_faults
from schemas.sample.filled import Line
from schemas.sample.generate import sample_lines
from schemas.sample.months import month_lines
from schemas.sample.plant import Planted, Return, plant
from schemas.sample.spec import sampled_periods

_COLUMNS = ("file", "sheet", "cell", "fault", "code", "description_zh", "description_en")


def write_sample(
    scheme: Scheme,
    folder: Path,
    target: Path,
    periods: Sequence[Period] | None = None,
    *,
    faults: bool = False,
    each: Each = map,
) -> list[Path]:
    """Write the workbooks of everybody who reports as target/<period>/<name>.xlsx.

    `folder` is the scheme's. Without `periods` it is those declared in its sample folder. With
    `faults` those declared in its sample/faults.yaml are put in, and <target>-faults.csv, beside
    the folder and not a return itself, says which file, sheet and cell has which, and what finding
    it should give.
    `each` makes the workbooks, one after the other if nothing else is said.
    The same declarations give the same bytes. Returns the files written, the list of faults last.
    Raises SchemeError when a declaration is wrong.
    """
    returns = {
        (period.id, scheme.county(code).name.zh): Return(scheme, scheme.county(code), period, lines)
        for period, lines_of_period in _returns(scheme, folder, periods)
        for code, lines in lines_of_period.items()
    }
    planted = {
        (fault.period, fault.county): plant(fault, returns[fault.period, fault.county])
        for fault in (load_faults(folder, scheme) if faults else ())
        if (fault.period, fault.county) in returns
    }
    clean = [of for place, of in returns.items() if place not in planted]
    workbooks = dict(zip([of.name() for of in clean], each(Return.workbook, clean), strict=True))
    written: list[Path] = []
    for place, of in returns.items():
        name = of.name()
        files = planted[place].files if place in planted else {name: workbooks[name]}
        for name, content in files.items():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
            written.append(path)
    if faults:
        written.append(_write_key(key_file(target), list(planted.values())))
    return written


def _returns(
    scheme: Scheme, folder: Path, periods: Sequence[Period] | None
) -> Iterator[tuple[Period, Mapping[str, Mapping[str, list[Line]]]]]:
    """The lines of each period; a year is made once for all its parts."""
    years: dict[int, Mapping[str, Mapping[str, list[Line]]]] = {}
    for period in sampled_periods(folder) if periods is None else periods:
        if period.kind not in ("month", "quarter"):
            yield period, sample_lines(scheme, folder, period)
            continue
        if period.year not in years:
            years[period.year] = sample_lines(scheme, folder, Period(period.year, "year"))
        yield period, month_lines(scheme, folder, period, years[period.year])


def key_file(target: Path) -> Path:
    """Where the planted faults of a folder of returns are listed."""
    return target.with_name(f"{target.name}-faults.csv")


def _write_key(path: Path, planted: Sequence[Planted]) -> Path:
    # With a byte order mark, so that Excel opens the Chinese as Chinese.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(_COLUMNS)
        for each in planted:
            fault, cell = each.fault, each.cell
            where = (cell.sheet, cell.address) if cell else ("", "")
            what = (fault.fault, fault.code, fault.what.zh, fault.what.en)
            table.writerow((each.file, *where, *what))
    return path
