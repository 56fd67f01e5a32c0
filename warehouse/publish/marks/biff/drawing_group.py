"""What the drawings of all sheets have in common: the numbers of their shapes."""

from struct import error, pack, unpack_from

from warehouse.publish.marks.biff import escher, kinds
from warehouse.publish.marks.biff.records import LONGEST, Record, Stream

_CLUSTER = 1024
"""Numbers of shapes are given out to drawings by so many."""
_NOBODYS = [0, 0]
_NO_OPTIONS = bytes.fromhex("bf0008000800810109000008c00140000008")
_COLOURS = bytes.fromhex("0d0000080c00000817000008f7000010")


class UnusualError(Exception):
    """Drawings that are not built as they usually are; nothing is to be drawn into them."""


class DrawingGroup:
    """The numbers of shapes and drawings of a workbook."""

    def __init__(self, stream: Stream) -> None:
        self._stream = stream
        self._changed = False
        self._clusters: list[list[int]] = []  # of which drawing, and how many numbers are given out
        self._shapes = self._drawings = self._highest = 0
        self._rest = b""
        if data := b"".join(part for _, part in stream.head[slice(*self._place())]):
            try:
                self._read(data)
            except error as damage:
                raise UnusualError from damage

    def _place(self) -> tuple[int, int]:
        head = self._stream.head
        end = self._stream.last(kinds.DRAWING_GROUP)
        if not end:
            # before the list of texts
            start = next((n for n, r in enumerate(head) if r[0] == kinds.SST), len(head) - 1)
            return start, start
        start = next(n for n, r in enumerate(head) if r[0] == kinds.DRAWING_GROUP)
        while head[end][0] == kinds.CONTINUE:
            end += 1
        return start, end

    def _read(self, data: bytes) -> None:
        group, *others = escher.parts(data, 0, len(data))
        first = next(escher.parts(data, group.inside, group.end), None)
        if others or first is None or (group.kind, group.end) != (escher.GROUP, len(data)):
            raise UnusualError
        if first.kind != escher.CLUSTERS:
            raise UnusualError
        fields = unpack_from("<4I", data, first.inside)
        self._highest, _, self._shapes, self._drawings = fields
        for at in range(first.inside + 16, first.end, 8):
            self._clusters.append(list(unpack_from("<2I", data, at)))
        self._rest = data[first.end :]

    def new_drawing(self) -> int:
        """The number of another drawing."""
        self._drawings += 1
        self._changed = True
        return max((drawing for drawing, _ in self._clusters), default=0) + 1

    def new_shape(self, drawing: int) -> int:
        """The number of another shape of a drawing."""
        clusters = list(enumerate(self._clusters))
        held = [n for n, (of, used) in clusters if of == drawing and used < _CLUSTER]
        held = held or [n for n, cluster in clusters if cluster == _NOBODYS][:1]
        if not held:
            held = [len(self._clusters)]
            self._clusters.append([*_NOBODYS])
        cluster = self._clusters[held[-1]]
        cluster[0] = drawing
        number = (held[-1] + 1) * _CLUSTER + cluster[1]
        cluster[1] += 1
        self._shapes += 1
        self._highest = max(self._highest, number)
        self._changed = True
        return number

    def dropped(self) -> None:
        """A shape is no more."""
        self._shapes -= 1
        self._changed = True

    def given_up(self, drawing: int, shapes: int) -> None:
        """A drawing with so many shapes is no more; their numbers are free for another."""
        self._clusters = [[*_NOBODYS] if of == drawing else [of, n] for of, n in self._clusters]
        self._drawings = max(self._drawings - 1, 0)  # programs count them differently
        self._shapes = max(self._shapes - shapes, 0)
        self._changed = True

    def finish(self) -> None:
        """Put the numbers into the stream, if they have become others."""
        if not self._changed:
            return
        fields = (self._highest, len(self._clusters) + 1, self._shapes, self._drawings)
        clusters = b"".join(pack("<2I", *cluster) for cluster in self._clusters)
        rest = self._rest or (
            escher.atom(escher.OPTIONS, _NO_OPTIONS, version=3, instance=3)
            + escher.atom(escher.MENU_COLOURS, _COLOURS, instance=4)
        )
        data = escher.container(
            escher.GROUP, escher.atom(escher.CLUSTERS, pack("<4I", *fields) + clusters), rest
        )
        parts = [data[at : at + LONGEST] for at in range(0, len(data), LONGEST)]
        # Excel writes the second part as another one of the same kind, and then goes on.
        records: list[Record] = [(kinds.DRAWING_GROUP, part) for part in parts[:2]]
        start, end = self._place()
        self._stream.head[start:end] = records + [(kinds.CONTINUE, part) for part in parts[2:]]
