"""Which number formats show a number as another one, and which styles of a package have one."""

import re
from collections.abc import Iterator, Mapping
from posixpath import basename
from zipfile import ZipFile

from schemas.formats.package import part
from schemas.formats.relations import elements, targets, workbook_part
from schemas.grid import MOVED_POINT

PER_CENT = frozenset({9, 10})
"""The numbers of the formats 0% and 0.00%, which a workbook need not write out."""

_NO_SIGN = re.compile(r'"[^"]*"?|[\\!].|_.|\*.|\[[^\]]*\]')  # text that is shown as it stands
_THOUSANDTH = re.compile(r"[0#?.],+(?![0#?.,])")  # a comma behind the last digit divides by 1000
_BEHIND = re.compile(r'(?<=[0#?])\s*(?:"[^"]*"|[\\!]?[^\x00-\x7f])+$')
_POINT_AS_TEXT = re.compile(r'[0#?](?:[\\!]\.|"\.")[0#?]')
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)>")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")


def shows_per_cent(code: str) -> bool:
    """Whether a number format multiplies by 100 and puts the sign behind.

    >>> shows_per_cent("0.0%"), shows_per_cent('0.0"%"')
    (True, False)
    """
    return "%" in _NO_SIGN.sub("", code)


def unit_shown(code: str) -> str:
    """The unit that a number format puts behind a number; MOVED_POINT where it moves its point.

    >>> unit_shown('0.00"万元"'), unit_shown("0!.0,"), unit_shown("0.00,"), unit_shown("#,##0")
    ('万元', '.', '.', '')
    """
    first = code.partition(";")[0]
    if _THOUSANDTH.search(_NO_SIGN.sub("", first)) or _POINT_AS_TEXT.search(first):
        return MOVED_POINT
    behind = _BEHIND.search(first)
    return "" if behind is None else re.sub(r'["\\!\s]', "", behind[0])


def styles_part(package: ZipFile, name: str) -> bytes:
    """The part of a package with the styles of its cells; nothing where there is none."""
    for target in targets(package, workbook_part(package)).values():
        if basename(target) == name and target in package.namelist():
            return part(package, target)
    return b""


def per_cent_styles(package: ZipFile) -> frozenset[int]:
    """The styles by which cells of an .xlsx are shown as per cent."""
    xml = styles_part(package, "styles.xml")
    formats = {number for number, code in _written_out(xml) if shows_per_cent(code)} | PER_CENT
    return frozenset(style for style, of in _formats_of_styles(xml) if of in formats)


def units_of_styles(package: ZipFile) -> Mapping[int, str]:
    """The styles by which cells of an .xlsx are shown with a unit, with it."""
    xml = styles_part(package, "styles.xml")
    formats = dict(_written_out(xml))
    units = {number: unit for number, code in formats.items() if (unit := unit_shown(code))}
    return {style: units[of] for style, of in _formats_of_styles(xml) if of in units}


def _formats_of_styles(xml: bytes) -> Iterator[tuple[int, int]]:
    """The styles of cells by their place in the list, with the numbers of their formats."""
    styles = _STYLES.search(xml)
    for number, style in enumerate(elements(_STYLE, styles[0]) if styles else ()):
        if (of := style.get("numFmtId", "")).isdecimal():
            yield number, int(of)


def _written_out(xml: bytes) -> Iterator[tuple[int, str]]:
    for found in elements(_FORMAT, xml):
        number = found.get("numFmtId", "")
        if number.isdecimal():
            yield int(number), found.get("formatCode", "")
