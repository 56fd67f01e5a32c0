"""What the head of a sheet says: whose return it is and for which period."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from schemas.alike import counties_alike
from schemas.errors import SchemeError
from schemas.findings import CellRef, Finding
from schemas.layout import address
from schemas.models import Form, OrgUnit, Scheme
from schemas.numerals import chinese_number
from schemas.period import Period
from schemas.place import Place
from schemas.stamp import Stamp
from schemas.text import NOTHING, Text, listed, normalise, normalise_digits
from schemas.workbook import Book, Sheet

_STATED_COUNTY = re.compile(
    r"(?:填报单位|填表单位|填报县|综合机关名称|reportingunit)(?:\((?:盖章|公章)\))?:?(?P<name>.*)"
)
_PROVINCE = re.compile(r"^\w{2,3}省")
_AROUND_NAMES = "_()[]<>《》:"  # as where a name is written on a printed line
_SEAL = re.compile(r"\((?:盖章|公章)\)")
_PERIOD = re.compile(
    r"\d{4}年度?(?:\d{1,2}(?:月份?)?[-—–~至到]\d{1,2}月份?"
    r"|[上下]半年|第?[一二三四1-4]季度?|\d{1,2}月份?)?(?![\d日])(?!\d*日)"
    r"|(?<![0-9a-z])\d{4}[hq][1-4](?![0-9a-z])"
)
_WRITTEN_OUT = re.compile("[0零一二三四五六七八九]{4}(?=年)|[一二三四五六七八九十]+(?=月)")
_OTHER_DATES = re.compile("有效期|文号|日期")
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ISSUED = Text(zh="{}(下发本工作簿时所填)", en="{} (for which the workbook was issued)")


@dataclass(frozen=True)
class Head:
    """The rows of a form's sheet above its headings."""

    sheet: Sheet
    rows: int

    def texts(self) -> Iterator[tuple[CellRef, str]]:
        """The words with their cells, normalised, look-alikes of zero as zeros."""
        for row, cells in enumerate(self.sheet.rows[: self.rows]):
            for column, cell in enumerate(cells):
                if isinstance(cell, str) and cell.strip():
                    place = CellRef(sheet=self.sheet.name, address=address(row, column))
                    yield place, normalise_digits(cell)


def find_county(
    book: Book,
    scheme: Scheme,
    stamp: Stamp | None,
    heads: Sequence[Head],
    forms: Sequence[Form] = (),
) -> tuple[OrgUnit | None, list[Finding]]:
    """The one county that the stamp and every sheet name, or the finding that says why not.

    Over `forms` that the city itself files it is the municipality. Where no sheet says 填报单位 and
    there is no stamp, a county in a title is taken.
    """
    found: dict[str, tuple[OrgUnit, list[CellRef]]] = {}
    unknown: dict[str, list[CellRef]] = {}
    for cell, text in (stated for head in heads for stated in _counties_stated(head)):
        unit = _filer_named(text, scheme, forms)
        if unit is None:
            unknown.setdefault(text, []).append(cell)
        else:
            found.setdefault(unit.code, (unit, []))[1].append(cell)
    stated = [unit.name for unit, _ in found.values()]
    if stamp is not None:
        unit = _filer_named(stamp.county, scheme, forms)
        if unit is not None:
            stated += [] if unit.code in found else [_issued(unit.name)]
            found.setdefault(unit.code, (unit, []))
        elif not unknown:
            unknown[stamp.county] = []
    if unknown:
        return None, [_unknown_county(unknown, scheme)]
    if not found:
        found = _counties_mentioned(heads, scheme)
        stated = [unit.name for unit, _ in found.values()]
    return _one_county(found, stated, book.name)


def _one_county(
    found: Mapping[str, tuple[OrgUnit, list[CellRef]]], stated: Sequence[Text], file: str
) -> tuple[OrgUnit | None, list[Finding]]:
    units = [unit for unit, _ in found.values()]
    if len(units) == 1:
        return units[0], []
    if not units:
        return None, [Place().finding("county-missing", file=file)]
    cells = [cell for _, cells in found.values() for cell in cells]
    return None, [Place().finding("county-conflict", cells, stated=listed(stated))]


def _unknown_county(unknown: Mapping[str, list[CellRef]], scheme: Scheme) -> Finding:
    cells = [cell for cells in unknown.values() for cell in cells]
    other = next(filter(None, (county_named(text, scheme.whole) for text in unknown)), None)
    if other is not None and other.why is not None:
        told = {"stated": other.name, "why": other.why}
        return Place().finding("county-of-other-time", cells, **told)
    stated = "、".join(unknown)
    alike = [unit.name for text in unknown for unit in counties_alike(text, scheme)]
    if alike:
        candidates = listed(dict.fromkeys(alike))
        return Place().finding("county-ambiguous", cells, stated=stated, candidates=candidates)
    return Place().finding("county-unknown", cells, stated=stated)


def _counties_mentioned(
    heads: Sequence[Head], scheme: Scheme
) -> dict[str, tuple[OrgUnit, list[CellRef]]]:
    """The counties whose full names stand anywhere over the tables, as in a title."""
    names = {unit: (unit.name.zh, unit.traditional_name) for unit in scheme.counties}
    found: dict[str, tuple[OrgUnit, list[CellRef]]] = {}
    for cell, text in (told for head in heads for told in head.texts()):
        for unit, spellings in names.items():
            if any(name in text for name in spellings):
                found.setdefault(unit.code, (unit, []))[1].append(cell)
    return found


def county_named(text: str, scheme: Scheme) -> OrgUnit | None:
    """The county of a code or of any of its names, alone or within the name of its office."""
    by_spelling = {spelling: unit for unit in scheme.counties for spelling in unit.spellings}
    stated = _PROVINCE.sub("", normalise(text))
    for municipality in (scheme.municipality.name.zh, scheme.municipality.traditional_name):
        stated = stated.removeprefix(municipality) or stated
    if stated in by_spelling:
        return by_spelling[stated]
    for unit in scheme.counties:
        if stated.startswith((unit.name.zh, unit.traditional_name)):
            return unit
    return None


def _filer_named(text: str, scheme: Scheme, forms: Sequence[Form]) -> OrgUnit | None:
    """The county; the municipality or its office only over forms that it files itself."""
    city = scheme.municipality
    office = {normalise(name) for name in (scheme.issued_by.zh, scheme.issued_by.en)}
    if any(form.of_municipality for form in forms) and normalise(text) in city.spellings | office:
        return city
    return county_named(text, scheme)


def _counties_stated(head: Head) -> Iterator[tuple[CellRef, str]]:
    """What stands behind 填报单位, in the same cell or the next filled one of the row."""
    texts = list(head.texts())
    for (cell, text), following in zip(texts, [*texts[1:], None], strict=True):
        match = _STATED_COUNTY.search(text)
        if match is None:
            continue
        name = _SEAL.sub("", match["name"]).strip(_AROUND_NAMES)
        if not name and following is not None and _same_row(cell, following[0]):
            if ":" not in following[1] and not _PERIOD.search(following[1]):
                yield following
        elif name:
            yield cell, name


def _same_row(one: CellRef, other: CellRef) -> bool:
    return one.address.lstrip(_LETTERS) == other.address.lstrip(_LETTERS)


def find_period(
    book: Book,
    scheme: Scheme,
    stamp: Stamp | None,
    heads: Sequence[Head],
    on: date,
) -> tuple[str | None, list[Finding]]:
    """The one period that the stamp and every sheet name, with a finding where it is not open."""
    found: dict[Period, list[CellRef]] = {}
    for period, cell in (stated for head in heads for stated in _periods_stated(head, scheme)):
        found.setdefault(period, []).append(cell)
    stated = [_label(period) for period in found]
    stamped = None if stamp is None else _period_in(stamp.period, scheme)
    if stamped is not None:
        stated += [] if stamped in found else [_issued(_label(stamped))]
        found.setdefault(stamped, [])
    cells = [cell for cells in found.values() for cell in cells]
    if not found:
        return None, [Place().finding("period-missing", file=book.name)]
    if len(found) > 1:
        return None, [Place().finding("period-conflict", cells, stated=listed(stated))]
    (period,) = found
    return period.id, unless_open(period, cells, scheme, on)


def unless_open(
    period: Period, cells: Sequence[CellRef], scheme: Scheme, on: date
) -> list[Finding]:
    """The finding that a period is not open on a day, or none."""
    if _is_open(scheme, period.id, on):
        return []
    openly = [entry.period for entry in scheme.periods if _is_open(scheme, entry.id, on)]
    alike = [other for other in openly if other.kind == period.kind] or openly
    told = listed([_label(other) for other in alike]) if alike else NOTHING
    return [Place().finding("period-not-open", cells, stated=_label(period), open=told)]


def is_of_another(
    head: Head, county: OrgUnit, period: str, scheme: Scheme, forms: Sequence[Form]
) -> bool:
    """Whether a sheet says that it is another county's or of another period."""
    units = {_filer_named(text, scheme, forms) for _, text in _counties_stated(head)}
    periods = {stated.id for stated, _ in _periods_stated(head, scheme)}
    return not (units <= {county} and periods <= {period})


def _periods_stated(head: Head, scheme: Scheme) -> list[tuple[Period, CellRef]]:
    """The periods at the head of a sheet; 2003年 beside 2003年上半年 is no other period."""
    found = [
        (period, cell)
        for cell, text in head.texts()
        if (period := _period_in(text, scheme)) is not None
    ]
    return [
        (period, cell)
        for period, cell in found
        if not any(other != period and period.covers(other) for other, _ in found)
    ]


def _period_in(text: str, scheme: Scheme) -> Period | None:
    if _OTHER_DATES.search(text):
        return None
    for entry in scheme.periods:
        if text == normalise(entry.period.label("en")):
            return entry.period
    text = _WRITTEN_OUT.sub(_in_digits, text)
    match = _PERIOD.search(text)
    try:
        return Period.parse(text if match is None else match[0])
    except ValueError:
        return None


def _in_digits(match: re.Match[str]) -> str:
    number = chinese_number(match[0])
    return match[0] if number is None else str(number)


def _is_open(scheme: Scheme, period: str, on: date) -> bool:
    try:
        entry = scheme.period(period)
    except SchemeError:
        return False
    return entry.opens <= on and not entry.closed


def _label(period: Period) -> Text:
    return Text(zh=period.label("zh"), en=period.label("en"))


def _issued(what: Text) -> Text:
    """Something that only the hidden stamp says, so that nobody looks for it on the sheets."""
    return Text(zh=_ISSUED.zh.format(what.zh), en=_ISSUED.en.format(what.en))
