"""Give a workbook that openpyxl saved what openpyxl leaves out: computed values and fixed bytes."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.datetime import to_excel

from schemas.workbook import CellError, RawCell, Sheet

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_TIMES = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_FORMULA_CELL = re.compile(
    r'<c r="(?P<address>[A-Z]+\d+)"(?P<style>[^>]*)>'
    r"(?P<formula><f\b[^>]*>[^<]*</f>|<f\b[^>]*/>)(?:<v ?/>|<v></v>)</c>"
)


def seal(content: bytes, stored: Mapping[str, Sheet], at: datetime) -> bytes:
    """The same workbook with the values its formulas last had, and no trace of the clock.

    `at` becomes the time of its making. `stored` has, by the path of a worksheet inside the
    archive, the sheet with the value of each formula cell, which a program that does not calculate
    (a preview, a reader) shows. An error is left to be worked out when the workbook is opened.
    """
    sealed = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(sealed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == _CORE:
                stamp = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
                part = _TIMES.sub(rf"\g<1>{stamp}", part.decode()).encode()
            elif name in stored:
                part = _with_values(part.decode(), stored[name]).encode()
            target.writestr(ZipInfo(name, _EPOCH), part, ZIP_DEFLATED)
    return sealed.getvalue()


def _with_values(xml: str, stored: Sheet) -> str:
    def filled(match: re.Match[str]) -> str:
        row, column = coordinate_to_tuple(match["address"])
        typed = _typed(stored.cell(row - 1, column - 1))
        if typed is None:
            return match[0]
        kind, text = typed
        return (
            f'<c r="{match["address"]}"{match["style"]}{kind}>{match["formula"]}<v>{text}</v></c>'
        )

    return _FORMULA_CELL.sub(filled, xml)


def _typed(value: RawCell) -> tuple[str, str] | None:
    """How a value is written: its type and its text; None for a blank and for an error."""
    match value:
        case bool():
            return ' t="b"', str(int(value))
        case str():
            return (' t="str"', escape(value)) if value else None
        case int() | float():
            return "", repr(value).removesuffix(".0")
        case CellError():
            return None
        case _:
            return "", repr(to_excel(value))  # type: ignore[no-untyped-call]
