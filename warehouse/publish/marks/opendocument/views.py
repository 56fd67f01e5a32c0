"""How a document is seen: the page of the sheet in front, and what shows when it is opened."""

from lxml import etree

from schemas.grid import OWN_AUTHOR
from warehouse.publish.marks.marking import HEADING_ROW
from warehouse.publish.marks.opendocument.names import added, drop, made, q, section

PAGE = OWN_AUTHOR
"""The name of the master page of the sheet in front."""

_PAGE_SIZE = {"fo:page-width": "420mm", "fo:page-height": "297mm"}  # A3
_MARGINS = {f"fo:margin-{side}": "15mm" for side in ("top", "bottom", "left", "right")}
_ITEM, _ENTRY = "config:config-item", "config:config-item-map-entry"
_NAME, _FROZEN, _LOWER = "config:name", "2", "2"


def add_page(styles: etree._Element) -> None:
    """Add the page of the sheet in front: landscape, one page wide, as many high as it takes."""
    layout = made("style:page-layout", {"style:name": PAGE})
    across = {"style:print-orientation": "landscape", "style:scale-to-X": "1"}
    added(layout, "style:page-layout-properties", {**_PAGE_SIZE, **_MARGINS, **across})
    page = made("style:master-page", {"style:name": PAGE, "style:page-layout-name": PAGE})
    for within, new in (("office:automatic-styles", layout), ("office:master-styles", page)):
        of_document = section(styles, within)
        for earlier in of_document.findall(f"{new.tag}[@{q('style:name')}='{PAGE}']"):
            drop(earlier)
        of_document.append(new)


def open_on(settings: etree._Element, name: str) -> None:
    """Open the document on a sheet, only it selected, with its heading in sight."""
    views = _named(section(settings, "office:settings"), "item-set", "ooo:view-settings")
    indexed = _named(views, "item-map-indexed", "Views")
    if len(indexed) == 0:
        added(indexed, _ENTRY)
    for view in indexed:
        sheets = _named(view, "item-map-named", "Tables")
        for sheet in [*sheets]:
            if sheet.get(q(_NAME)) == name:
                sheets.remove(sheet)
            elif (selected := _item(sheet, "TableSelected")) is not None:
                sheet.remove(selected)
        sheets.insert(0, _frozen(name))
        if (active := _item(view, "ActiveTable")) is not None:
            view.remove(active)
        _state(view, "ActiveTable", "string", name)


def _frozen(name: str) -> etree._Element:
    """How a sheet is seen whose rows down to the headings stay in place."""
    entry, row = made(_ENTRY, {_NAME: name}), str(HEADING_ROW)
    for item, kind, value in (
        ("CursorPositionX", "int", "0"),
        ("CursorPositionY", "int", row),
        ("VerticalSplitMode", "short", _FROZEN),
        ("VerticalSplitPosition", "int", row),
        ("ActiveSplitRange", "short", _LOWER),
        ("PositionTop", "int", "0"),
        ("PositionBottom", "int", row),
        ("ShowGrid", "boolean", "false"),
        ("TableSelected", "boolean", "true"),
    ):
        _state(entry, item, kind, value)
    return entry


def _state(entry: etree._Element, name: str, kind: str, value: str) -> None:
    added(entry, _ITEM, {_NAME: name, "config:type": kind}).text = value


def _item(entry: etree._Element, name: str) -> etree._Element | None:
    return entry.find(f"{q(_ITEM)}[@{q(_NAME)}='{name}']")


def _named(parent: etree._Element, kind: str, name: str) -> etree._Element:
    """The group of settings of a name, made where there is none."""
    found = parent.find(f"{q(f'config:config-{kind}')}[@{q(_NAME)}='{name}']")
    if found is None:
        found = added(parent, f"config:config-{kind}", {_NAME: name})
    return found
