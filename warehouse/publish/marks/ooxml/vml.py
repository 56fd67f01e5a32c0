"""The old drawing that says where the boxes of comments lie.

Excel writes it as no proper XML, and the controls of a form lie in it, too: it is changed as text,
and what is not ours is kept as it stands.
"""

import re
from collections.abc import Collection, Mapping

from schemas.grid import Place
from warehouse.publish.marks.marking import CannotMark

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
NO_SHAPES = (
    b'<xml xmlns:v="urn:schemas-microsoft-com:vml"'
    b' xmlns:o="urn:schemas-microsoft-com:office:office"'
    b' xmlns:x="urn:schemas-microsoft-com:office:excel"><o:shapelayout v:ext="edit">'
    b'<o:idmap v:ext="edit" data="1"/></o:shapelayout></xml>'
)
"""A drawing in which nothing lies."""

_SHAPE = re.compile(rb"<v:shape\s[^>]*[^/]>.*?</v:shape>", re.DOTALL)
_ROW = re.compile(rb"<x:Row>\s*(\d+)\s*</x:Row>")
_COLUMN = re.compile(rb"<x:Column>\s*(\d+)\s*</x:Column>")
_ANCHOR = re.compile(rb"<x:Anchor>.*?</x:Anchor>", re.DOTALL)
_WIDTH = re.compile(rb"(?<![-\w])width\s*:[^;\"']*")
_HEIGHT = re.compile(rb"(?<![-\w])height\s*:[^;\"']*")
_NUMBER = re.compile(rb"_x0000_s(\d+)")
_BOX_TYPE = (
    b'<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202"'
    b' path="m,l,21600r21600,l21600,xe"><v:stroke joinstyle="miter"/>'
    b'<v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_BOX = (
    b'<v:shape id="_x0000_s%d" type="#_x0000_t202" style="position:absolute;margin-left:59.25pt;'
    b'margin-top:1.5pt;width:%dpx;height:%dpx;z-index:1;visibility:hidden" fillcolor="#ffffe1"'
    b' o:insetmode="auto"><v:fill color2="#ffffe1"/><v:shadow color="black" obscured="t"/>'
    b'<v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto">'
    b'<div style="text-align:left"></div></v:textbox><x:ClientData ObjectType="Note">'
    b"<x:MoveWithCells/><x:SizeWithCells/><x:AutoFill>False</x:AutoFill>"
    b"<x:Row>%d</x:Row><x:Column>%d</x:Column></x:ClientData></v:shape>"
)


def with_boxes(drawing: bytes, width: int, heights: Mapping[Place, int]) -> bytes:
    """A drawing with boxes for comments on cells, by their heights in pixels.

    One that is there gets the size. Raises CannotMark where it is no drawing.
    """
    there = {place for shape in _SHAPE.findall(drawing) if (place := _place(shape)) in heights}

    def sized(shape: re.Match[bytes]) -> bytes:
        height = heights.get(_place(shape[0]) or (-1, -1))
        return shape[0] if height is None else _sized(shape[0], width, height)

    drawing = _SHAPE.sub(sized, drawing)
    before, end, after = drawing.rpartition(b"</xml>")
    if not end:
        raise CannotMark("a drawing of comments is damaged")
    number = max((1024, *map(int, _NUMBER.findall(drawing))))
    new = [] if b'id="_x0000_t202"' in drawing else [_BOX_TYPE]
    for row, column in sorted(heights.keys() - there):
        number += 1
        new.append(_BOX % (number, width, heights[row, column], row, column))
    return b"".join((before, *new, end, after))


def without_boxes(drawing: bytes, places: Collection[Place]) -> bytes:
    """A drawing without the boxes of the comments on some cells."""
    return _SHAPE.sub(lambda shape: b"" if _place(shape[0]) in places else shape[0], drawing)


def _place(shape: bytes) -> Place | None:
    """The cell that a shape is the box of a comment on; None of any other shape."""
    row, column = _ROW.search(shape), _COLUMN.search(shape)
    if b'ObjectType="Note"' not in shape or row is None or column is None:
        return None
    return int(row[1]), int(column[1])


def _sized(shape: bytes, width: int, height: int) -> bytes:
    """A shape with another size, from where it is; its anchor in cells would outdo that."""
    shape = _ANCHOR.sub(b"", shape)
    shape = _WIDTH.sub(b"width:%dpx" % width, shape, count=1)
    return _HEIGHT.sub(b"height:%dpx" % height, shape, count=1)
