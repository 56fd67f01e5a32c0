"""Reading a large sheet and a register, beside the native reader alone, which tells less."""

import io
from collections.abc import Iterator, Sequence
from random import Random

from python_calamine import CalamineWorkbook
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.sample.generate import filled_forms
from schemas.sample.people import households
from schemas.sample.spec import load_sample
from schemas.scheme import CATALOG, load_scheme
from schemas.template.template import write_workbook
from schemas.workbook import open_workbook
from tests.bench.measure import Figure, fastest

_ROWS, _COLUMNS = 25_000, 25
_MOST = 1.5
_REPETITIONS = 5
_HOUSEHOLDS, _PERSONS = 2_000, 6_000
_PERIOD = Period.parse("2015")


def reading() -> Iterator[Figure]:
    """Seconds for a sheet of 25,000 × 25, and for a register with its lines, by both."""
    yield from _large_sheet()
    yield from _register()


def _large_sheet() -> Iterator[Figure]:
    content = large_sheet(_ROWS, _COLUMNS)
    ours, native = fastest(
        _REPETITIONS, lambda: open_workbook(content, "large.xlsx"), lambda: _natively(content)
    )
    yield Figure("reading 25,000 × 25, huizong", ours, "s")
    yield Figure("reading 25,000 × 25, python-calamine", native, "s")
    yield Figure("reading, huizong / python-calamine", ours / native, "×", _MOST)


def _register() -> Iterator[Figure]:
    scheme = load_scheme(CATALOG / "linfen")
    content = register_of(scheme, _HOUSEHOLDS, _PERSONS)
    ours, native = fastest(
        _REPETITIONS,
        lambda: read_submission("汾西县.xlsx", content, scheme, _PERIOD.end),
        lambda: _natively(content),
    )
    lines = f"a register of {_HOUSEHOLDS + _PERSONS:,} lines"
    yield Figure(f"reading {lines}, huizong", ours, "s")
    yield Figure(f"reading {lines}, python-calamine", native, "s")
    yield Figure("reading a register, huizong / python-calamine", ours / native, "×")


def register_of(scheme: Scheme, size: int, persons: int) -> bytes:
    """The workbook of 汾西县 with so many households and persons."""
    county = scheme.county("141034")
    forms = [scheme.at(_PERIOD).form(name) for name in ("hh_register", "hh_member")]
    people = {county.code: households(county, size, _PERIOD.end, persons)}
    alone = scheme.model_copy(update={"counties": (county,)})
    sample = load_sample(CATALOG / "linfen", _PERIOD)
    lines = filled_forms(alone, _PERIOD, sample, forms, people)[county.code]
    return write_workbook(scheme, county, _PERIOD, lines, forms=forms)


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
        return [
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for name in book.sheet_names
        ]
