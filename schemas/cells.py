"""One raw cell to one typed value, with what is wrong or was converted on the way."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from schemas.expression import Value
from schemas.formulas import rounded
from schemas.models import CodeList, Indicator
from schemas.text import Text, normalise, normalise_digits
from schemas.workbook import CellError, RawCell

NIL = Text(zh="无", en="none")
"""The word that a list without lines has in its first cell."""

NIL_MARKS = frozenset({"-", "--", "—", "——", "–", "―", "──", "─", NIL.zh, "無", NIL.en})
"""How a clerk declares that there is none of something, normalised."""

EARLIEST, LATEST = date(1949, 10, 1), date(2099, 12, 31)
"""The first and last date that a form accepts."""

EPOCH = date(1899, 12, 30)
"""The day from which Excel counts days."""

_SAFE = Decimal(10) ** 15  # Excel keeps 15 digits of a number
_MOST_DIGITS = 40  # nobody reads more
_FIRST_SERIAL, _LAST_SERIAL = 1, 73050  # 1900-01-01 to 2099-12-31 as Excel counts days
_NUMBER = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+")
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
_ZEROS = str.maketrans({"〇": "0", "○": "0", "Ο": "0", "О": "0", "−": "-", "，": ",", "\u2019": ""})

Parameters = dict[str, Text | str]


@dataclass(frozen=True)
class Problem:
    """The code of a finding about a cell, and what fills its message besides the column."""

    code: str
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True)
class TypedCell:
    """The value of a cell, whether it was declared nil, and the problems it has.

    The value is None where the cell is blank or cannot be read.
    """

    value: Value | None = None
    nil: bool = False
    problems: tuple[Problem, ...] = ()


_BLANK = TypedCell()


def is_blank(cell: RawCell) -> bool:
    """Whether nothing is seen in a cell."""
    return isinstance(cell, str) and not cell.strip()


def is_nil(cell: RawCell) -> bool:
    """Whether a cell says that there is none: — or - or 无 or none."""
    return isinstance(cell, str) and normalise(cell) in NIL_MARKS


def type_cell(cell: RawCell, indicator: Indicator, codes: CodeList | None) -> TypedCell:
    """The value of a cell of an indicator's column; `codes` is its code list if it has one.

    Numbers have exactly the declared decimals, codes are codes, dates are dates.
    """
    if is_blank(cell):
        return _BLANK
    if cell is CellError.NOT_CALCULATED:
        return _refused("value-not-calculated")
    if isinstance(cell, CellError):
        return _refused("value-error-cell")
    if codes is not None:
        return _code(cell, codes)
    match indicator.kind:
        case "integer" | "decimal":
            return _number(cell, indicator)
        case "date":
            return _date(cell)
        case _:
            return _text(cell, indicator)


def _refused(code: str, **parameters: Text | str) -> TypedCell:
    return TypedCell(problems=(Problem(code, parameters),))


def shown(cell: RawCell) -> str:
    """A cell as a person sees it, near enough to be found again."""
    match cell:
        case bool():
            return str(cell).upper()
        case int() | float():
            return plain(_exact(cell))
        case datetime():
            return cell.date().isoformat() if cell.time() == time() else str(cell)
        case CellError():
            return "#"
        case timedelta() | date() | time():
            return str(cell)
        case str():
            return cell.strip()


def plain(number: Decimal) -> str:
    """A number without exponent and without zeros that say nothing."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _exact(number: float) -> Decimal:
    """The decimal that was typed: Excel itself shows at most 15 digits of its binary number."""
    return Decimal(f"{number:.15g}")


def _number(cell: RawCell, indicator: Indicator) -> TypedCell:
    if is_nil(cell):
        return TypedCell(rounded(Decimal(0), indicator.decimals), nil=True)
    number, converted = _parsed(cell)
    if number is None:
        return _refused("value-not-number", stated=shown(cell))
    if abs(number) >= _SAFE:
        observed = plain(number) if len(shown(cell)) <= _MOST_DIGITS else f"{number:.3E}"
        return _refused("value-too-large", observed=observed, limit=plain(_SAFE))
    kept = rounded(number, indicator.decimals)
    if indicator.kind == "integer" and kept != number and indicator.computed is None:
        return _refused("value-not-integer", stated=plain(number))
    problems = []
    if converted:
        problems.append(Problem("value-converted", {"stated": shown(cell), "kept": plain(number)}))
    if kept != number and indicator.computed is None:
        told: Parameters = {"stated": plain(number), "kept": plain(kept)}
        problems.append(Problem("value-too-precise", {"decimals": str(indicator.decimals), **told}))
    return TypedCell(kept, problems=tuple(problems))


def _parsed(cell: RawCell) -> tuple[Decimal | None, bool]:
    """A cell as a number, and whether it was text."""
    match cell:
        case bool():
            return None, False
        case int() | float():
            return _exact(cell), False
        case str():
            text = unicodedata.normalize("NFKC", cell.translate(_ZEROS)).strip()
            if _NUMBER.fullmatch(text):
                return Decimal(text.replace(",", "")), True
    return None, False


def _date(cell: RawCell) -> TypedCell:
    match cell:
        case datetime() | date():
            day = cell.date() if isinstance(cell, datetime) else cell
            return (
                TypedCell(day) if _is_likely(day) else _refused("value-not-date", stated=f"{day}")
            )
        case str() if is_nil(cell):
            return TypedCell(nil=True)
        case bool():
            found = None
        case int() | float() if _FIRST_SERIAL <= cell <= _LAST_SERIAL:
            found = EPOCH + timedelta(days=int(cell))
        case _:
            found = _date_in(shown(cell))
    if found is None or not _is_likely(found):
        return _refused("value-not-date", stated=shown(cell))
    told: Parameters = {"stated": shown(cell), "kept": found.isoformat()}
    problems = (Problem("value-date-converted", told),)
    return TypedCell(found, problems=problems)


def _is_likely(day: date) -> bool:
    """Whether a date can be one of a return; 2003.6 typed for June 2003 is a day of 1905."""
    return EARLIEST <= day <= LATEST


def _date_in(text: str) -> date | None:
    match = _DATE.fullmatch(normalise_digits(text))
    if match is None:
        return None
    year, month, day = (int(part) for part in match.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _code(cell: RawCell, codes: CodeList) -> TypedCell:
    code = codes.by_spelling.get(normalise(shown(cell)))
    if code is not None:
        return TypedCell(code.code)
    labels = [entry.label for entry in codes.codes]
    choices = Text(zh="、".join(t.zh for t in labels), en=", ".join(t.en for t in labels))
    return _refused("value-not-in-list", stated=shown(cell), choices=choices)


def _text(cell: RawCell, indicator: Indicator) -> TypedCell:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _SAFE:
        return _refused("value-digits-lost")
    text = shown(cell)
    match indicator.format:
        case "id_number":
            text = normalise(text).removeprefix("'").upper()
        case "phone":
            text = unicodedata.normalize("NFKC", text).strip()
    return TypedCell(text or None)
