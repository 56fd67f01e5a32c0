"""Reading a large sheet, beside the native reader alone, which tells less of it."""

import io
from collections.abc import Iterator, Sequence
from random import Random

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from schemas.workbook import open_workbook
from tests.bench.measure import Figure, fastest

_ROWS, _COLUMNS = 25_000, 25
_MOST = 1.5
_REPETITIONS = 5


def reading() -> Iterator[Figure]:
    """Seconds for a sheet of 25,000 × 25 by both, and their ratio."""
    content = large_sheet(_ROWS, _COLUMNS)
    ours, native = fastest(
        _REPETITIONS, lambda: open_workbook(content, "large.xlsx"), lambda: _natively(content)
    )
    yield Figure("reading 25,000 × 25, huizong", ours, "s")
    yield Figure("reading 25,000 × 25, python-calamine", native, "s")
    yield Figure("reading, huizong / python-calamine", ours / native, "×", _MOST)


def large_sheet(rows: int, columns: int) -> bytes:
    """A workbook of one sheet, a third of it texts and the rest numbers."""
    random = Random(0)
    target = io.BytesIO()
    with Workbook(target) as book:
        sheet = book.add_worksheet("名册")
        for row in range(rows):
            for column in range(columns):
                if column % 3 == 0:
                    sheet.write_string(row, column, f"农户{random.randrange(5000)}")
                else:
                    sheet.write_number(row, column, random.randrange(10**6) / 100)
    return target.getvalue()


def _natively(content: bytes) -> Sequence[object]:
    with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
