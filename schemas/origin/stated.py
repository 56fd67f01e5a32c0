"""What the head of a sheet says of whose return it is."""

import re
from collections.abc import Iterator, Mapping, Sequence

from schemas.drawing.stamp import META, Stamp
from schemas.findings import CellRef, Finding
from schemas.models import Form, OrgUnit, Scheme
from schemas.origin.alike import counties_alike
from schemas.origin.head import Head, issued
from schemas.origin.stated_period import names_period, periods_stated
from schemas.place import Place
from schemas.text import Text, listed, normalise
from schemas.workbook import Book

_STATED_COUNTY = re.compile(
    r"(?:填报单位|填表单位|填报县|综合机关名称|reportingunit)(?:\((?:盖章|公章)\))?:?(?P<name>.*)"
)
_PROVINCE = re.compile(r"^\w{2,3}省")
_AROUND_NAMES = "_()[]<>《》:"  # as where a name is written on a printed line
_SEAL = re.compile(r"\((?:盖章|公章)\)")


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
            stated += [] if unit.code in found else [issued(unit.name)]
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
    if not any(map(normalise, unknown)):
        return Place().finding("county-blank", [CellRef(sheet=META, address="B4")], sheet=META)
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
    for cell, text in (told for head in heads for told in head.texts):
        for unit, spellings in names.items():
            if any(name in text for name in spellings):
                found.setdefault(unit.code, (unit, []))[1].append(cell)
    return found


def county_named(text: str, scheme: Scheme) -> OrgUnit | None:
    """The county of a code or of any of its names, alone or within the name of its office."""
    stated = _PROVINCE.sub("", normalise(text))
    for municipality in (scheme.municipality.name.zh, scheme.municipality.traditional_name):
        stated = stated.removeprefix(municipality) or stated
    if stated in scheme.counties_by_spelling:
        return scheme.counties_by_spelling[stated]
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
    texts = head.texts
    for (cell, text), following in zip(texts, [*texts[1:], None], strict=True):
        match = _STATED_COUNTY.search(text)
        if match is None:
            continue
        name = _SEAL.sub("", match["name"]).strip(_AROUND_NAMES)
        if not name and following is not None and cell.row == following[0].row:
            if ":" not in following[1] and not names_period(following[1]):
                yield following
        elif name:
            yield cell, name


def cells_of_county(heads: Sequence[Head], scheme: Scheme) -> list[CellRef]:
    """Where the sheets say whose return they are: behind 填报单位, or in a title."""
    stated = [cell for head in heads for cell, _ in _counties_stated(head)]
    if stated:
        return stated
    mentioned = _counties_mentioned(heads, scheme).values()
    return [cell for _, cells in mentioned for cell in cells]


def is_of_another(
    head: Head, county: OrgUnit, period: str, scheme: Scheme, forms: Sequence[Form]
) -> bool:
    """Whether a sheet says that it is another county's or of another period."""
    units = {_filer_named(text, scheme, forms) for _, text in _counties_stated(head)}
    periods = {stated.id for stated, _ in periods_stated(head, scheme)}
    return not (units <= {county} and periods <= {period})
