"""What the check sheet says, worked out by an engine that is not ours."""

import re
from collections.abc import Sequence
from decimal import Decimal
from html import unescape
from io import BytesIO
from zipfile import ZipFile

import pytest
from python_calamine import CalamineWorkbook

from schemas.check_sheet.sheet import FIRST, PLACES, SEVERITY, STATE, STATEMENT
from schemas.language.expression import Value
from schemas.language.id_number import is_id_number
from schemas.layout import address, lay_out
from schemas.models import Scheme
from schemas.period import Period
from schemas.sample import sample_lines
from schemas.sample.overtype import overtype
from schemas.scheme import CATALOG
from schemas.template.template import write_workbook
from schemas.text import Language
from tests.agreement.evaluate import worked_out

Y2015 = Period.parse("2015")
XIXIAN = "141031"
TRAINING = "R10 科技培训与新型农民培训表"
FUNDS = "R07 扶贫资金到位与拨付表"
REDUCTION = "R18 减贫任务与脱贫摘帽进度表"

EXCEL_2007 = """
    ADDRESS AND COLUMN COUNT COUNTIF DATE DAY EXACT FIND HYPERLINK IF IFERROR INT ISERROR ISNUMBER
    LEFT LEN LOWER MAX MID MIN MMULT MOD MONTH N OR RIGHT ROUND ROW SUBSTITUTE SUM SUMPRODUCT
    TRANSPOSE TRIM UPPER
"""


@pytest.fixture(scope="module")
def few(scheme: Scheme) -> Scheme:
    """One form with one line, one with fixed lines and one that is a list."""
    names = ("fund_arrival", "training", "reduction")
    return scheme.model_copy(update={"forms": tuple(scheme.form(name) for name in names)})


@pytest.fixture(scope="module")
def filled(few: Scheme, scheme: Scheme) -> bytes:
    lines = sample_lines(scheme, CATALOG / "linfen", Y2015)[XIXIAN]
    return write_workbook(few, few.county(XIXIAN), Y2015, lines)


def rows(content: bytes, sheet: str = "审核") -> Sequence[Sequence[object]]:
    with CalamineWorkbook.from_filelike(BytesIO(worked_out(content))) as book:
        return book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)


def failing(content: bytes) -> list[tuple[object, ...]]:
    """Statement, kind, number of places and first place of each check that fails."""
    told = (STATEMENT, SEVERITY, PLACES, FIRST)
    return [
        tuple(row[c] for c in told) for row in rows(content) if row[STATE] in ("不通过", "fail")
    ]


def test_a_blank_workbook_has_no_data_and_says_which_forms_are_empty(few: Scheme) -> None:
    shown = rows(write_workbook(few, few.county(XIXIAN), Y2015))
    assert shown[2][0] == "还有 3 张表没有填写或没有填完整。"
    states = [row[STATE] for row in shown[7:]]
    assert set(states) == {"无数据", "未填写"}
    assert states.count("未填写") == 3


def test_a_good_return_passes(filled: bytes) -> None:
    shown = rows(filled)
    assert shown[2][0] == "审核全部通过，可以报送。"
    assert failing(filled) == []
    assert [row[STATEMENT] for row in shown if row[STATE] == "已填写"] == [
        "扶贫资金到位与拨付表　临扶统07表",
        "科技培训与新型农民培训表　临扶统10表",
        "减贫任务与脱贫摘帽进度表　临扶统18表",
    ]


READABLE = "数字栏只填数字，日期栏只填日期"
ERROR, WARNING, NOTICE = "强制性", "核实性", "提示性"


@pytest.mark.parametrize(
    ("sheet", "cell", "put", "told"),
    [
        (FUNDS, "H9", "", [("“到位金额”必须填写", ERROR, 1, "H9")]),
        (FUNDS, "B10", "乡", [("“资金来源级次”只填选项中的内容", ERROR, 1, "B10")]),
        (FUNDS, "B10", "省 级", []),
        (FUNDS, "J9", "—", []),
        (FUNDS, "L9", Decimal(3), [("“到位率”=到位金额 ÷ 下达金额 × 100", ERROR, 1, "L9")]),
        (FUNDS, "L9", Decimal("100.004"), []),
        (
            FUNDS,
            "E9",
            "待定",
            [(READABLE, ERROR, 1, "E9"), ("资金到位不超过30天", NOTICE, 1, "M9")],
        ),
        (
            FUNDS,
            "F8",
            Decimal(1),
            [
                ("“下达金额”的合计等于各行之和", ERROR, 1, "F8"),
                ("“到位率”的合计行按各栏合计计算", ERROR, 1, "L8"),
            ],
        ),
        (REDUCTION, "C8", Decimal("0.5"), [(READABLE, ERROR, 1, "C8")]),
        (
            TRAINING,
            "E7",
            Decimal(1_000_000),
            [
                ("完成人数不超过培训人次", ERROR, 1, "E7"),
                ("完成人数不超过计划人数", WARNING, 1, "E7"),
            ],
        ),
    ],
)
def test_what_fails_is_told_with_its_first_cell(
    filled: bytes, sheet: str, cell: str, put: Decimal | str, told: list[tuple[object, ...]]
) -> None:
    assert failing(overtype(filled, sheet, cell, put)) == told


def test_what_is_wrong_must_be_corrected_and_what_is_doubtful_looked_at(filled: bytes) -> None:
    wrong = overtype(filled, FUNDS, "H9", "")
    assert rows(wrong)[2][0] == "强制性审核不通过 1 项，请改正后再报送。"
    late = overtype(filled, FUNDS, "G9", Decimal(42368))  # 2015-12-30
    assert rows(late)[2][0] == "强制性审核全部通过；还有 1 项请核实，属实的可以报送。"


def test_a_list_can_be_declared_nil(few: Scheme) -> None:
    nil = write_workbook(few, few.county(XIXIAN), Y2015, {"fund_arrival": []})
    states = [row[STATE] for row in rows(nil)[7:] if row[0] == "R07"]
    assert states[0] == "已填“无”"
    assert set(states[1:]) == {"无数据"}


def test_a_lone_cell_is_no_line_and_a_subtotal_is_none_either(filled: bytes) -> None:
    lone = overtype(filled, FUNDS, "A20", "晋财农〔2015〕1号")
    assert failing(lone) == []
    subtotal = overtype(filled, FUNDS, "A13", "小 计")
    counted = next(row for row in rows(subtotal) if row[STATE] == "已填写")
    assert counted[PLACES] == 4


def test_lines_with_the_same_key_fail_both(filled: bytes) -> None:
    same = overtype(overtype(filled, FUNDS, "A11", "晋财农〔2015〕42号"), FUNDS, "C11", "发展资金")
    [told] = failing(same)
    assert told[1:] == (ERROR, 2, "A10")


NUMBERS = (
    "11010519491231002X",
    "11010519491231002x",
    "110105194912310021",
    "440524188001010014",
    "440524188013010014",
    "110105491231002",
    "110105491331002",
    "11010549123100",
    "11010519491231002X12",
    "11010519491231002X1",
    "1101051949123100 X",
)


def test_numbers_of_identity_documents_are_checked_as_the_reader_does(scheme: Scheme) -> None:
    form = scheme.form("education")
    alone = scheme.model_copy(update={"forms": (form,)})
    lines: list[dict[str, Value | None]] = [
        {"person_no": f"P{number}", "id_no": text} for number, text in enumerate(NUMBERS)
    ]
    content = write_workbook(alone, alone.county(XIXIAN), Y2015, {"education": lines})
    wrong = [text for text in NUMBERS if not is_id_number(text)]
    told = next(row for row in failing(content) if "证件号码的编码规则" in str(row[0]))
    row = lay_out(form, scheme).lines[NUMBERS.index(wrong[0])]
    column = lay_out(form, scheme).column("id_no")
    assert (len(wrong), told[2:]) == (6, (6, address(row, column)))


PHONES = {
    "13903571234": True,
    "0357-2091234": True,
    "0357 2091234": True,
    "03572091234": True,
    "010-12345678": True,
    "1390357123": False,
    "1390357123a": False,
    "0357-209123": False,
    "0357--2091234": False,
    "23903571234": False,
}


def test_telephone_numbers_are_whole(scheme: Scheme) -> None:
    alone = scheme.model_copy(update={"forms": (scheme.form("hh_register"),)})
    lines: list[dict[str, Value | None]] = [
        {"hh_no": f"H{number}", "phone": text} for number, text in enumerate(PHONES)
    ]
    content = write_workbook(alone, alone.county(XIXIAN), Y2015, {"hh_register": lines})
    told = next(row for row in failing(content) if "电话号码" in str(row[0]))
    assert told[2] == list(PHONES.values()).count(False)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_function_is_one_that_excel_2007_knows(scheme: Scheme, language: Language) -> None:
    for period in (Period.parse("2003H1"), Y2015):
        content = write_workbook(scheme, scheme.county(XIXIAN), period, language=language)
        with ZipFile(BytesIO(content)) as archive:
            parts = [
                n for n in archive.namelist() if n.startswith(("xl/worksheets/", "xl/workbook"))
            ]
            xml = "".join(archive.read(name).decode() for name in parts)
        formulas = re.findall(r"<(?:f|definedName)(?: [^>]*)?>([^<]*)</", xml)
        without_texts = [re.sub(r"""'[^']*'|"[^"]*\"""", "", unescape(f)) for f in formulas]
        used = {name for f in without_texts for name in re.findall(r"\b([A-Z][A-Z0-9]*)\(", f)}
        assert used <= set(EXCEL_2007.split())
        assert max(map(len, formulas)) <= 8192
