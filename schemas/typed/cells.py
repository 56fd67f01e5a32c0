"""One raw cell to one typed value, with what is wrong or was converted on the way."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import cast

from schemas.dates import EPOCH, LATEST, date_in, date_of
from schemas.filing import Typed
from schemas.grid import MOVED_POINT
from schemas.language.expression import Value
from schemas.models import CodeList, Indicator, Unit
from schemas.rules.formulas import rounded
from schemas.text import Text, normalise, on_one_line, visible
from schemas.typed.amounts import Amount, amount_in, exponent, power_of
from schemas.typed.labels import code_labelled
from schemas.typed.unit_words import times
from schemas.workbook import CellError, PerCent, RawCell, Shown

NIL = Text(zh="无", en="none")
"""The word that a list without lines has in its first cell."""

NIL_MARKS = frozenset({"-", "--", "—", "——", "–", "―", "──", "─", NIL.zh, "無", NIL.en})
"""How a clerk declares that there is none of something, normalised."""

_SAFE = Decimal(10) ** 15  # Excel keeps 15 digits of a number
_MOST_DIGITS = 40  # nobody reads more
_PER_CENT = "%"
_PICTURE = "=DISPIMG("  # what a cell of WPS shows where it holds a picture


Parameters = dict[str, Text | str]


@dataclass(frozen=True)
class Problem:
    """The code of a finding about a cell, and what fills its message besides the column."""

    code: str
    parameters: Parameters = field(default_factory=dict)


@dataclass(frozen=True)
class Terms:
    """What the cells of a column go by: its codes, its unit, and how many of its unit one of the
    unit is that stands over it; `epoch` is the day from which its workbook counts days.
    """

    codes: CodeList | None = None
    unit: Unit | None = None
    scale: Decimal = Decimal(1)
    epoch: date = EPOCH

    @property
    def of_hundred(self) -> bool:
        """Whether the column is in per cent."""
        return self.unit is not None and self.unit.label.zh == _PER_CENT


@dataclass(frozen=True)
class TypedCell:
    """The value of a cell, whether it was declared nil, and the problems it has.

    The value is None where the cell is blank or cannot be read. `typed` is what was written, where
    that is more than the plain number.
    """

    value: Value | None = None
    nil: bool = False
    problems: tuple[Problem, ...] = ()
    typed: Typed | None = None

    @property
    def says_more(self) -> bool:
        """Whether there is more to say of it than its value."""
        return self.nil or bool(self.problems) or self.typed is not None


_BLANK = TypedCell()
_THOUSAND = 3  # as a power of ten
_SCIENTIFIC = re.compile(r"\d(\.\d+)?[Ee]\+\d+")  # as a table of text shows a number too long


def is_blank(cell: RawCell) -> bool:
    """Whether nothing is seen in a cell."""
    if not isinstance(cell, str) or cell.isalnum():
        return False
    return not cell or not visible(cell).strip()


def is_nil(cell: RawCell) -> bool:
    """Whether a cell says that there is none: — or - or 无 or none."""
    return isinstance(cell, str) and normalise(cell) in NIL_MARKS


def type_cell(cell: RawCell, indicator: Indicator, terms: Terms) -> TypedCell:
    """The value of a cell of an indicator's column.

    Numbers have exactly the declared decimals, codes are codes, dates are dates.
    """
    if isinstance(cell, str):
        cell = visible(cell)
    if (without := _without_value(cell)) is not None:
        return without
    if terms.codes is not None:
        return _code(cell, terms.codes)
    if isinstance(cell, Shown) and indicator.numeric:
        if cell and cell.unit == MOVED_POINT:
            return _refused("value-scaled", stated=shown(cell))
        cell = _with_unit(cell, terms)
    match indicator.kind:
        case "integer" | "decimal":
            return _number(cell, indicator, terms)
        case "date":
            return _date(cell, indicator.earliest, terms.epoch)
        case _:
            return _text(cell, indicator)


def plain_texts(cells: Sequence[RawCell], indicator: Indicator) -> Sequence[Value | None] | None:
    """The values of a column's cells if it is one of texts, and all are nothing but letters and
    digits as `type_cell` leaves them; None where cells must be looked at one by one.
    """
    if indicator.kind != "text" or any(kind is not str for kind in {*map(type, cells)}):
        return None
    texts = cast(Sequence[str], cells)
    together = "".join(texts)
    if not together.isalnum() or not unicodedata.is_normalized("NFKC", together):
        return None
    if indicator.format == "id_number":
        return [text.upper() or None for text in texts] if together.isascii() else None
    return [text or None for text in texts] if "" in texts else texts


def _without_value(cell: RawCell) -> TypedCell | None:
    """What is said of a cell in which no value can be, whatever its column; None of others."""
    if is_blank(cell):
        return _BLANK
    if isinstance(cell, str) and cell.startswith(_PICTURE):
        return _refused("value-picture")
    if cell is CellError.NOT_CALCULATED:
        return _refused("value-not-calculated")
    return _refused("value-error-cell") if isinstance(cell, CellError) else None


def _refused(code: str, **parameters: Text | str) -> TypedCell:
    return TypedCell(problems=(Problem(code, parameters),))


def shown(cell: RawCell) -> str:
    """A cell as a person sees it, near enough to be found again."""
    match cell:
        case bool():
            return str(cell).upper()
        case PerCent():
            return f"{plain(_exact(cell) * 100)}%"
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


def _number(cell: RawCell, indicator: Indicator, terms: Terms) -> TypedCell:
    if is_nil(cell):
        return TypedCell(rounded(Decimal(0), indicator.decimals), nil=True)
    amount = _amount(cell)
    if amount is None:
        return _refused("value-not-number", stated=shown(cell))
    scale = _scale(amount, terms)
    if scale is None:
        unit = terms.unit.label if terms.unit else Text(zh="个", en="number")
        return _refused("value-other-unit", stated=shown(cell), unit=unit)
    number = amount.number * scale
    if abs(number) >= _SAFE:
        observed = plain(number) if len(shown(cell)) <= _MOST_DIGITS else f"{number:.3E}"
        return _refused("value-too-large", observed=observed, limit=plain(_SAFE))
    computed = indicator.computed is not None
    if not computed and _is_share(amount, number, terms):
        return _refused("value-share", stated=shown(cell), kept=plain(number * 100))
    kept = rounded(number, indicator.decimals)
    if indicator.kind == "integer" and kept != number and not computed:
        return _refused("value-not-integer", stated=plain(number))
    problems = tuple(_told(cell, amount, number, scale))
    if kept != number and not computed:
        told: Parameters = {"stated": plain(number), "kept": plain(kept)}
        precise = Problem("value-too-precise", {"decimals": str(indicator.decimals), **told})
        problems = (*problems, precise)
    as_typed = None
    if problems or scale != 1 or isinstance(cell, PerCent):
        as_typed = Typed(shown(cell), amount.step * scale, amount.rough)
    return TypedCell(kept, problems=problems, typed=as_typed)


def _with_unit(cell: Shown, terms: Terms) -> RawCell:
    """A number as it is shown, if its format says another unit than its column: 200000元."""
    scale = None if terms.unit is None else times(cell.unit, terms.unit)
    return float(cell) if scale in (None, terms.scale) else f"{shown(cell)}{cell.unit}"


def _amount(cell: RawCell) -> Amount | None:
    match cell:
        case bool():
            return None
        case PerCent():
            return amount_in(shown(cell))
        case int() | float():
            number = _exact(cell)
            return Amount(number, Decimal(1).scaleb(min(0, exponent(number))))
        case str():
            return amount_in(cell)
    return None


def _scale(amount: Amount, terms: Terms) -> Decimal | None:
    """How many of the column's unit one of the amount's is; None where that cannot be told."""
    if not amount.unit:
        # 20万 under 万元 is 20万元 to one reader and 20万 times 万元 to another; 一千二百 is clear.
        doubtful = amount.power >= _THOUSAND and _magnitude(terms) > 0
        return None if doubtful else terms.scale
    return None if terms.unit is None else times(amount.unit, terms.unit)


def _magnitude(terms: Terms) -> int:
    """How many tens are in the unit that stands over a column: 4 for 万元."""
    if terms.unit is None:
        return 0
    tens = terms.scale.adjusted()
    is_power = terms.scale == Decimal(1).scaleb(tens)
    return power_of(terms.unit.label.zh)[0] + (tens if is_power else 0)


def _is_share(amount: Amount, number: Decimal, terms: Terms) -> bool:
    """Whether a number of per cent is likely to be a share of one: 0.85 for 85 %."""
    return terms.of_hundred and not amount.unit and 0 < abs(number) <= 1


def _told(cell: RawCell, amount: Amount, number: Decimal, scale: Decimal) -> Iterator[Problem]:
    """What was understood of a text, in the one way that says most of it."""
    if not (amount.rough or amount.unit or isinstance(cell, str)):
        return
    told: Parameters = {"stated": shown(cell), "kept": plain(number)}
    if amount.rough:
        yield Problem("value-rough", {**told, "word": amount.rough})
    elif isinstance(cell, PerCent):
        return  # it was typed as per cent, and is seen so
    elif amount.unit:
        yield Problem("value-unit-converted", told)
    elif isinstance(cell, str):
        yield Problem("value-converted", told)


def _date(cell: RawCell, earliest: date, epoch: date) -> TypedCell:
    match cell:
        case datetime() | date():
            day = cell.date() if isinstance(cell, datetime) else cell
            likely = earliest <= day <= LATEST
            return TypedCell(day) if likely else _refused("value-not-date", stated=f"{day}")
        case str() if is_nil(cell):
            return TypedCell(nil=True)
        case bool():
            found = None
        case int() | float() if (found := date_of(cell, epoch)) is not None:
            pass
        case _:
            found = date_in(shown(cell))
    # 2003.6, typed for June 2003, is a day of 1905.
    if found is None or not earliest <= found <= LATEST:
        return _refused("value-not-date", stated=shown(cell))
    told: Parameters = {"stated": shown(cell), "kept": found.isoformat()}
    problems = (Problem("value-date-converted", told),)
    return TypedCell(found, problems=problems)


def _code(cell: RawCell, codes: CodeList) -> TypedCell:
    stated = shown(cell)
    code = code_labelled(stated, codes)
    if code is not None:
        return TypedCell(code.code)
    labels = [entry.label for entry in codes.codes]
    choices = Text(zh="、".join(t.zh for t in labels), en=", ".join(t.en for t in labels))
    return _refused("value-not-in-list", stated=stated, choices=choices)


def _text(cell: RawCell, indicator: Indicator) -> TypedCell:
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= _SAFE:
        return _refused("value-digits-lost")
    text = shown(cell)
    if indicator.key:
        text = on_one_line(text)
    match indicator.format:
        case "id_number" if _SCIENTIFIC.fullmatch(text):
            return _refused("value-digits-lost")
        case "id_number":
            text = normalise(text).removeprefix("'").upper()
        case "phone":
            text = unicodedata.normalize("NFKC", text).strip()
    return TypedCell(text or None)
