"""OpenDocument spreadsheets made by hand, and what is to be seen in one."""

import io
from collections.abc import Iterator, Mapping
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from lxml import etree

_URN = "urn:oasis:names:tc:opendocument:xmlns"
_SPACES = {
    "office": f"{_URN}:office:1.0",
    "table": f"{_URN}:table:1.0",
    "text": f"{_URN}:text:1.0",
    "style": f"{_URN}:style:1.0",
    "fo": f"{_URN}:xsl-fo-compatible:1.0",
    "draw": f"{_URN}:drawing:1.0",
    "config": f"{_URN}:config:1.0",
    "svg": f"{_URN}:svg-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
    "manifest": f"{_URN}:manifest:1.0",
}
_DECLARED = " ".join(f'xmlns:{short}="{full}"' for short, full in _SPACES.items())
MIMETYPE = b"application/vnd.oasis.opendocument.spreadsheet"
MANIFEST = f"<manifest:manifest {_DECLARED}/>".encode()


def document(tables: str, styles: str = "") -> bytes:
    """The contents of a spreadsheet."""
    return (
        f"<office:document-content {_DECLARED}><office:automatic-styles>{styles}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tables}"
        "</office:spreadsheet></office:body></office:document-content>"
    ).encode()


def table(rows: str, columns: str = "<table:table-column/>", name: str = "表") -> str:
    return f'<table:table table:name="{name}">{columns}{rows}</table:table>'


def package(content: bytes, others: Mapping[str, bytes] | None = None) -> bytes:
    """An .ods of these contents with other parts."""
    whole = {"content.xml": content, "META-INF/manifest.xml": MANIFEST, **(others or {})}
    target = io.BytesIO()
    with ZipFile(target, "w", ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", MIMETYPE, ZIP_STORED)
        for name, part in whole.items():
            if name != "mimetype":
                archive.writestr(name, part)
    return target.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def find(content: bytes, path: str, part: str = "content.xml") -> list[etree._Element]:
    """The elements of a part on a path with the usual prefixes."""
    found = etree.fromstring(parts(content)[part]).xpath(path, namespaces=_SPACES)
    assert isinstance(found, list)
    return [element for element in found if isinstance(element, etree._Element)]


def with_text(content: bytes, path: str, text: str) -> bytes:
    """The package with a text in the cell on a path, as somebody types it."""
    others = parts(content)
    root = etree.fromstring(others.pop("content.xml"))
    found = root.xpath(path, namespaces=_SPACES)
    assert isinstance(found, list)
    (cell,) = found
    assert isinstance(cell, etree._Element)
    cell.set(f"{{{_SPACES['office']}}}value-type", "string")
    etree.SubElement(cell, f"{{{_SPACES['text']}}}p").text = text
    return package(etree.tostring(root), others)


def get(element: etree._Element, name: str) -> str | None:
    prefix, local = name.split(":")
    return element.get(f"{{{_SPACES[prefix]}}}{local}")


def coloured(content: bytes) -> dict[tuple[str, int, int], str]:
    """The backgrounds of cells by sheet, row and column; no row here stands for others."""
    colours = {
        get(style, "style:name"): background
        for style in find(content, "//office:automatic-styles/style:style")
        for properties in style.iterfind("style:table-cell-properties", _SPACES)
        if (background := get(properties, "fo:background-color"))
    }
    return {
        (get(sheet, "table:name") or "", row, column): colours[style]
        for sheet in find(content, "//table:table")
        for row, column, cell in cells(sheet)
        if (style := get(cell, "table:style-name")) in colours
    }


def cells(sheet: etree._Element) -> Iterator[tuple[int, int, etree._Element]]:
    """The elements of cells with the place of the first cell that each stands for."""
    row = 0
    for of_row in sheet.iterfind(".//table:table-row", _SPACES):
        column = 0
        for cell in of_row:
            yield row, column, cell
            column += int(get(cell, "table:number-columns-repeated") or 1)
        row += int(get(of_row, "table:number-rows-repeated") or 1)
