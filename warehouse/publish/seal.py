"""Give a workbook that openpyxl saved what openpyxl leaves out: computed values and fixed bytes."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Cached = Mapping[str, bool | int | float | str]

_EPOCH = (1980, 1, 1, 0, 0, 0)
_CORE = "docProps/core.xml"
_TIMES = re.compile(r"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_FORMULA_CELL = re.compile(
    r'<c r="(?P<address>[A-Z]+\d+)"(?P<style>[^>]*)>'
    r"(?P<formula><f\b[^>]*>[^<]*</f>|<f\b[^>]*/>)(?:<v ?/>|<v></v>)</c>"
)


def seal(content: bytes, cached: Mapping[str, Cached], at: datetime) -> bytes:
    """The same workbook with the values its formulas last had, and no trace of the clock.

    `at` becomes the time of its making. `cached` has, by the path of a worksheet inside the
    archive, the value of each formula cell, which a program that does not calculate (a preview,
    a reader) shows.
    """
    sealed = BytesIO()
    with ZipFile(BytesIO(content)) as source, ZipFile(sealed, "w") as target:
        for name in source.namelist():
            part = source.read(name)
            if name == _CORE:
                stamp = f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
                part = _TIMES.sub(rf"\g<1>{stamp}", part.decode()).encode()
            elif values := cached.get(name):
                part = _with_values(part.decode(), values).encode()
            target.writestr(ZipInfo(name, _EPOCH), part, ZIP_DEFLATED)
    return sealed.getvalue()


def _with_values(xml: str, values: Cached) -> str:
    def filled(match: re.Match[str]) -> str:
        value = values.get(match["address"])
        if value is None:
            return match[0]
        kind, text = _typed(value)
        return (
            f'<c r="{match["address"]}"{match["style"]}{kind}>{match["formula"]}<v>{text}</v></c>'
        )

    return _FORMULA_CELL.sub(filled, xml)


def _typed(value: bool | int | float | str) -> tuple[str, str]:
    if isinstance(value, bool):
        return ' t="b"', str(int(value))
    if isinstance(value, str):
        return ' t="e"' if value.startswith("#") else ' t="str"', escape(value)
    return "", repr(value)
