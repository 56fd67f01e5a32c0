"""Whose return a workbook is by where it comes from: its file's name, its folder, its sender.

What the workbook says itself is surer. Where it says nothing its origin is taken, and told; where
the two disagree about the county nobody guesses, as a neighbour's workbook may have been filled in.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import PurePosixPath

from schemas.findings import CellRef, Finding
from schemas.models import OrgUnit, Scheme
from schemas.origin.file_name import named_counties, named_county, named_period
from schemas.origin.stated_period import unless_open
from schemas.period import Period
from schemas.place import Place
from schemas.text import Text, listed

_FILE = Text(zh="{}(文件名)", en="{} (in the file's name)")
_FOLDER = Text(zh="{}(文件夹)", en="{} (by its folder)")
_SENDER = Text(zh="{}(报送人)", en="{} (by its sender)")


def county_with_origin(
    county: OrgUnit | None,
    findings: Sequence[Finding],
    name: str,
    sender: str | None,
    scheme: Scheme,
    cells: Sequence[CellRef],
) -> tuple[OrgUnit | None, list[Finding]]:
    """The county of the contents, compared with the origin, or that of the origin if they say none.

    `name` is the file's with its folder; the contents name the county in the `cells`.
    """
    origins = [
        (unit, _of(words, unit.name))
        for words, text in _origins(name, sender)
        if (unit := named_county(text, scheme)) in scheme.counties and unit is not None
    ]
    others = [(unit, words) for unit, words in origins if unit != county]
    said_nothing = [finding.code for finding in findings] == ["county-missing"]
    if said_nothing and not origins:
        others = [
            (unit, _of(words, unit.name))
            for words, text in _origins(name, sender)
            for unit in named_counties(text, scheme)
        ]
    if not others or county == scheme.municipality or not (county or said_nothing):
        return county, list(findings)
    if county is None and len({unit.code for unit, _ in others}) == 1:
        unit, words = others[0]
        return unit, [Place().finding("county-by-origin", file=name, stated=words)]
    stated = listed([*([county.name] if county else ()), *(words for _, words in others)])
    return None, [Place().finding("county-conflict", cells, stated=stated)]


def period_with_origin(
    period: str | None,
    findings: Sequence[Finding],
    name: str,
    scheme: Scheme,
    on: date,
    cells: Sequence[CellRef],
) -> tuple[str | None, list[Finding]]:
    """The period of the contents, compared with the file's name, or that of the name if none.

    The contents name theirs in the `cells`.
    """
    found = next(
        filter(None, (named_period(text, scheme) for _, text in _origins(name, None))), None
    )
    if found is None or found == period:
        return period, list(findings)
    named = Period.parse(found)
    words = Text(zh=named.label("zh"), en=named.label("en"))
    if [finding.code for finding in findings] == ["period-missing"]:
        told = Place().finding("period-by-origin", file=name, stated=words)
        return found, [told, *unless_open(named, (), scheme, on)]
    if period is None or Period.parse(period).covers(named) or named.covers(Period.parse(period)):
        return period, list(findings)
    own = Text(zh=Period.parse(period).label("zh"), en=Period.parse(period).label("en"))
    told = Place().finding("period-name-differs", cells, file=name, stated=words, kept=own)
    return period, [*findings, told]


def _origins(name: str, sender: str | None) -> list[tuple[Text, str]]:
    path = PurePosixPath(name)
    origins = [(_FILE, path.name), (_FOLDER, path.parent.as_posix()), (_SENDER, sender or "")]
    return [(words, text) for words, text in origins if text]


def _of(words: Text, unit: Text) -> Text:
    return Text(zh=words.zh.format(unit.zh), en=words.en.format(unit.en))
