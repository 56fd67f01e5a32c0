"""Type over one cell of a finished workbook, as a clerk would: all else stays as it was.

The stored values of formulas are kept, which a library that loads and saves workbooks drops.
"""

import io
import re
import zipfile
from decimal import Decimal
from html import escape, unescape

_SHEET = re.compile(r'<sheet name="([^"]*)"')


def overtype(content: bytes, sheet: str, address: str, value: Decimal | str) -> bytes:
    """The workbook with another value in one cell; the cell's style stays and its formula goes.

    `content` is a workbook as our template writes it: sheets numbered in order, one <c> element
    for each written cell. Raises KeyError when it has no such sheet or cell.
    """
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(changed, "w") as new:
        sheets = [unescape(name) for name in _SHEET.findall(old.read("xl/workbook.xml").decode())]
        if sheet not in sheets:
            raise KeyError(sheet)
        part = f"xl/worksheets/sheet{sheets.index(sheet) + 1}.xml"
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == part:
                data = _typed_over(data.decode(), address, value).encode()
            new.writestr(entry, data)
    return changed.getvalue()


def _typed_over(xml: str, address: str, value: Decimal | str) -> str:
    cell = re.compile(rf'<c r="{address}"(?P<style> s="\d+")?[^>]*?(/>|>.*?</c>)')
    if not cell.search(xml):
        raise KeyError(address)
    return cell.sub(lambda found: _cell(address, found["style"] or "", value), xml)


def _cell(address: str, style: str, value: Decimal | str) -> str:
    if isinstance(value, Decimal):
        return f'<c r="{address}"{style}><v>{value}</v></c>'
    text = escape(value, quote=False)
    return f'<c r="{address}"{style} t="inlineStr"><is><t>{text}</t></is></c>'
