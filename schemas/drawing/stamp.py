"""The stamp of a workbook: whose it is and which sheet holds which form, in a hidden sheet.

It stands in fixed cells of the first two columns, because the reader of workbooks sees no names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

META = "_meta"
"""The name of the hidden sheet."""

LISTS_COLUMN = 3
"""From this column on, the hidden sheet holds the choices of the drop-down lists."""

_MARK = ("huizong", "1")
_FIELDS = ("scheme", "version", "county", "period")
_FORMS = ("form", "sheet")


@dataclass(frozen=True)
class Stamp:
    """What the writer of a workbook noted; `sheets` maps form names to sheet names."""

    scheme: str
    version: str
    county: str
    period: str
    sheets: Mapping[str, str]

    def rows(self) -> list[tuple[str, str]]:
        """The cells of the hidden sheet's first two columns."""
        values = (self.scheme, self.version, self.county, self.period)
        return [_MARK, *zip(_FIELDS, values, strict=True), _FORMS, *self.sheets.items()]

    @classmethod
    def read(cls, grid: Sequence[Sequence[object]]) -> "Stamp | None":
        """The stamp in a sheet; None where the sheet does not hold one."""
        rows = [(_word(row[0]), _word(row[1])) for row in grid if len(row) > 1 and row[0] != ""]
        heads = [name for name, _ in rows]
        if heads[: len(_FIELDS) + 2] != [_MARK[0], *_FIELDS, _FORMS[0]]:
            return None
        scheme, version, county, period = (value for _, value in rows[1 : len(_FIELDS) + 1])
        return cls(scheme, version, county, period, dict(rows[len(_FIELDS) + 2 :]))


def _word(cell: object) -> str:
    """A cell as text; office programs may turn the period 2015 into a number."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
