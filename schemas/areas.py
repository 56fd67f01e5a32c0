"""Many cells of a column as Excel writes areas: K9:K20 K25."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

_AREA = re.compile(r"([A-Z]+)(\d+)(?::[A-Z]+(\d+))?")


def area_of(cells: Iterable[str]) -> str:
    """The areas that cells make up, by their addresses.

    >>> area_of(["K9", "K10", "K11", "K25", "L25"])
    'K9:K11 K25 L25'
    """
    columns: dict[str, list[int]] = {}
    for address in cells:
        letters = address.rstrip("0123456789")
        columns.setdefault(letters, []).append(int(address[len(letters) :]))
    return " ".join(area for letters, rows in columns.items() for area in _runs(letters, rows))


def addresses(area: str) -> Iterator[str]:
    """The addresses of the cells of areas, one after the other.

    >>> list(addresses("K9:K11 K25"))
    ['K9', 'K10', 'K11', 'K25']
    """
    for letters, first, last in _AREA.findall(area):
        yield from (f"{letters}{row}" for row in range(int(first), int(last or first) + 1))


def _runs(letters: str, rows: Iterable[int]) -> Iterator[str]:
    """Rows without a gap as one area each."""
    ordered = enumerate(sorted(set(rows)))
    for _, run in groupby(ordered, key=lambda pair: pair[1] - pair[0]):
        inside = [row for _, row in run]
        first, last = inside[0], inside[-1]
        yield f"{letters}{first}" if first == last else f"{letters}{first}:{letters}{last}"
