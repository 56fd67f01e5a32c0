"""The bytes of a drawing and the records of its objects, which stand in between."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from struct import unpack_from

from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.records import LONGEST, Record

_COUNTS_OF_TEXT = 10


@dataclass
class Flow:
    """The bytes of a drawing, and the records that stand in them, each group behind so many."""

    data: bytearray = field(default_factory=bytearray)
    stops: list[tuple[int, list[Record]]] = field(default_factory=list)

    def read(self, records: Sequence[Record], start: int) -> int:
        """Read a drawing from its first record on; the number of the first one behind it."""
        depth = text = runs = 0
        for number in range(start, len(records)):
            kind, data = records[number]
            depth += kind == kinds.BOF  # a chart
            if depth or kind in (kinds.OBJECT, kinds.OBJECT_TEXT):
                self._stop((kind, data))
                depth -= kind == kinds.EOF
                text = runs = 0
                if kind == kinds.OBJECT_TEXT and not depth:
                    text, runs = unpack_from("<2H", data, _COUNTS_OF_TEXT)
                    runs = runs if text else 0
            elif kind == kinds.CONTINUE and text > 0:
                text -= (len(data) - 1) // (1 + (data[0] & 1))
                self._stop((kind, data))
            elif kind == kinds.CONTINUE and runs > 0:
                runs -= len(data)
                self._stop((kind, data))
            elif kind in (kinds.DRAWING, kinds.CONTINUE):
                # Excel goes on with the drawing so, too, after an object.
                self.data += data
            else:
                return number
        return len(records)

    def _stop(self, record: Record) -> None:
        if not self.stops or self.stops[-1][0] != len(self.data):
            self.stops.append((len(self.data), []))
        self.stops[-1][1].append(record)

    def within(self, start: int, end: int) -> Iterator[list[Record]]:
        """The groups of records that belong to a range of the bytes."""
        first, last = (bisect_right(self.stops, at, key=_place) for at in (start, end))
        return (records for _, records in self.stops[first:last])

    def put(self, place: int, pieces: Sequence[tuple[bytes, list[Record]]]) -> int:
        """Put in bytes, each with the records that follow them; how many bytes."""
        length = sum(len(data) for data, _ in pieces)
        behind = bisect_right(self.stops, place, key=_place)
        moved = [(at + length, records) for at, records in self.stops[behind:]]
        del self.stops[behind:]
        for data, records in pieces:
            self.data[place:place] = data
            place += len(data)
            self.stops.append((place, records))
        self.stops += moved
        return length

    def cut(self, start: int, end: int) -> int:
        """Cut a range out, with its records; how many bytes."""
        del self.data[start:end]
        length = end - start
        self.stops = [
            (at if at <= start else at - length, records)
            for at, records in self.stops
            if not start < at <= end
        ]
        return length

    def records(self) -> Iterator[Record]:
        """The drawing as records."""
        done = 0
        for at, records in [*self.stops, (len(self.data), [])]:
            kind = kinds.DRAWING
            for start in range(done, at, LONGEST):
                yield kind, bytes(self.data[start : min(start + LONGEST, at)])
                kind = kinds.CONTINUE
            yield from records
            done = at


def _place(stop: tuple[int, list[Record]]) -> int:
    return stop[0]
