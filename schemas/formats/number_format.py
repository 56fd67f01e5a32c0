"""Which number formats show a number as per cent, and which styles of a package have one."""

import re
from collections.abc import Iterator
from posixpath import basename
from zipfile import ZipFile

from schemas.formats.package import part
from schemas.formats.relations import elements, targets, workbook_part

PER_CENT = frozenset({9, 10})
"""The numbers of the formats 0% and 0.00%, which a workbook need not write out."""

_NO_SIGN = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[[^\]]*\]')  # text that is shown as it stands
_FORMAT = re.compile(rb"<(?:\w+:)?numFmt\b([^>]*)>")
_STYLES = re.compile(rb"<(?:\w+:)?cellXfs\b.*?</(?:\w+:)?cellXfs>", re.DOTALL)
_STYLE = re.compile(rb"<(?:\w+:)?xf\b([^>]*)>")


def shows_per_cent(code: str) -> bool:
    """Whether a number format multiplies by 100 and puts the sign behind.

    >>> shows_per_cent("0.0%"), shows_per_cent('0.0"%"')
    (True, False)
    """
    return "%" in _NO_SIGN.sub("", code)


def styles_part(package: ZipFile, name: str) -> bytes:
    """The part of a package with the styles of its cells; nothing where there is none."""
    for target in targets(package, workbook_part(package)).values():
        if basename(target) == name and target in package.namelist():
            return part(package, target)
    return b""


def per_cent_styles(package: ZipFile) -> frozenset[int]:
    """The styles by which cells of an .xlsx are shown as per cent."""
    xml = styles_part(package, "styles.xml")
    formats = PER_CENT.union(_written_out(xml)) if b"%" in xml else PER_CENT
    styles = _STYLES.search(xml)
    listed = elements(_STYLE, styles[0]) if styles else ()
    return frozenset(
        number
        for number, style in enumerate(listed)
        if (of := style.get("numFmtId", "")).isdecimal() and int(of) in formats
    )


def _written_out(xml: bytes) -> Iterator[int]:
    for found in elements(_FORMAT, xml):
        number = found.get("numFmtId", "")
        if number.isdecimal() and shows_per_cent(found.get("formatCode", "")):
            yield int(number)
