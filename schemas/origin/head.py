"""The rows of a sheet above the headings of a form, where it says whose it is and of when."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from schemas.findings import CellRef
from schemas.layout import address
from schemas.text import Text, normalise_digits
from schemas.workbook import Sheet

_ISSUED = Text(zh="{}(下发本工作簿时所填)", en="{} (for which the workbook was issued)")


@dataclass(frozen=True)
class Head:
    """The rows of a form's sheet above its headings."""

    sheet: Sheet
    rows: int

    @cached_property
    def texts(self) -> Sequence[tuple[CellRef, str]]:
        """The words with their cells, normalised, look-alikes of zero as zeros."""
        return [*self._words()]

    def _words(self) -> Iterator[tuple[CellRef, str]]:
        for row, cells in enumerate(self.sheet.rows[: self.rows]):
            for column, cell in enumerate(cells):
                if isinstance(cell, str) and (words := normalise_digits(cell)):
                    yield CellRef(sheet=self.sheet.name, address=address(row, column)), words


def issued(what: Text) -> Text:
    """Something that only the hidden stamp says, so that nobody looks for it on the sheets."""
    return Text(zh=_ISSUED.zh.format(what.zh), en=_ISSUED.en.format(what.en))
