"""A number whose format says a unit is in that unit; one shown with its point elsewhere is none."""

from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from schemas.formats.number_format import unit_shown
from schemas.grid import MOVED_POINT, PerCent, RawCell, Shown
from schemas.models import Indicator, Unit
from schemas.text import Text
from schemas.typed.cells import Terms, type_cell
from schemas.workbook import open_workbook
from tests.schemas.formats.given import flat_document
from tests.schemas.test_workbook import saved

DATA = Path(__file__).parents[2] / "data" / "formats"
FORMATS = ((200000, '0"元"'), (200000, "0\\.0,"), (20, "0.00"), (20, '0.00"万元"'), (0.85, "0%"))
MONEY = Indicator.model_validate(
    {
        "name": "paid",
        "label": {"zh": "拨付金额", "en": "Paid"},
        "kind": "decimal",
        "unit": "wan_yuan",
        "decimals": 4,
        "aggregation": "sum",
    }
)
WAN_YUAN = Terms(unit=Unit(label=Text(zh="万元", en="10⁴ yuan")))


def as_xlsx() -> bytes:
    book = Workbook()
    for column, (number, code) in enumerate(FORMATS, start=1):
        book.worksheets[0].cell(1, column, number).number_format = code
    return saved(book)


def as_xml_2003() -> bytes:
    codes = [(number, code.replace('"', "&quot;")) for number, code in FORMATS]
    styles = "".join(
        f'<Style ss:ID="s{n}"><NumberFormat ss:Format="{code}"/></Style>'
        for n, (_, code) in enumerate(codes)
    )
    cells = "".join(
        f'<Cell ss:StyleID="s{n}"><Data ss:Type="Number">{number}</Data></Cell>'
        for n, (number, _) in enumerate(codes)
    )
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    return (
        f'<?xml version="1.0"?><Workbook xmlns="{space}" xmlns:ss="{space}"><Styles>{styles}'
        f'</Styles><Worksheet ss:Name="一"><Table><Row>{cells}</Row></Table></Worksheet></Workbook>'
    ).encode()


def as_opendocument() -> bytes:
    shown = ((200000, "200000元"), (200000, "20.0"), (20, "20.00"), (20, "20.00万元"))
    cells = "".join(
        f'<t:table-cell o:value-type="float" o:value="{number}"><x:p>{text}</x:p></t:table-cell>'
        for number, text in shown
    )
    cells += '<t:table-cell o:value-type="percentage" o:value="0.85"/>'
    return flat_document(f'<t:table t:name="一"><t:table-row>{cells}</t:table-row></t:table>')


@pytest.mark.parametrize(
    "content",
    [
        as_xlsx(),
        (DATA / "units.xls").read_bytes(),
        as_xml_2003(),
        as_opendocument(),
    ],
    ids=["xlsx", "xls", "xml", "ods"],
)
def test_every_format_says_how_a_number_is_shown(content: bytes) -> None:
    row = open_workbook(content, "报表").sheets[0].rows[0]
    assert [*row] == [200000, 200000, 20, 20, 0.85]
    units = [cell.unit if isinstance(cell, Shown) else None for cell in row]
    assert units == ["元", MOVED_POINT, None, "万元", None]
    assert isinstance(row[4], PerCent)


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("General", ""),
        ("#,##0.00_ ", ""),
        ("#,##0,", MOVED_POINT),
        ('0"."0000', MOVED_POINT),
        ('#,##0.00"元";[Red]-#,##0.00"元"', "元"),
        ("0户", "户"),
        ("yyyy-mm-dd", ""),
    ],
)
def test_what_a_format_puts_behind_a_number(code: str, unit: str) -> None:
    assert unit_shown(code) == unit


@pytest.mark.parametrize(
    ("cell", "value", "codes"),
    [
        (Shown(200000, "元"), Decimal(20), ["value-unit-converted"]),
        (Shown(20, "万元"), Decimal(20), []),
        (Shown(20, "号"), Decimal(20), []),
        (Shown(200000, MOVED_POINT), None, ["value-scaled"]),
        (Shown(0, MOVED_POINT), Decimal(0), []),
    ],
)
def test_a_number_is_in_the_unit_that_is_seen(
    cell: RawCell, value: Decimal | None, codes: list[str]
) -> None:
    typed = type_cell(cell, MONEY, WAN_YUAN)
    assert (typed.value, [problem.code for problem in typed.problems]) == (value, codes)
