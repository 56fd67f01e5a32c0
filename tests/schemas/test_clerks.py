"""What clerks do to a workbook: nothing they wrote is left out without a word."""

import io
from decimal import Decimal

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from schemas.filing import ROW, Filing
from schemas.findings import Finding, Severity
from schemas.language.expression import parse_value
from schemas.language.linear import linear, ratio_of
from schemas.models import Scheme
from schemas.reading.reader import read_submission
from schemas.text import Text
from tests.few import few_of
from tests.schemas.clerk import BIOGAS, FUNDS, H1, SITES, Edit, sent

TRAINING = "R10 科技培训与新型农民培训表"


@pytest.fixture(scope="module")
def scheme(scheme: Scheme) -> Scheme:
    """The forms that are spoken of here, and no others to write and to read."""
    return few_of(scheme)


@pytest.fixture(scope="module")
def first_half(scheme: Scheme) -> bytes:
    return sent(scheme, H1)


def edited(
    scheme: Scheme, content: bytes, sheet: str, edit: Edit, *, values: bool = True
) -> Filing:
    """The filing of a sheet after an edit; without `values`, computed cells lose theirs."""
    book: Workbook = load_workbook(io.BytesIO(content), data_only=values)
    edit(book[sheet])
    target = io.BytesIO()
    book.save(target)
    reading = read_submission("汾西县.xlsx", target.getvalue(), scheme, H1.end)
    (found,) = (each for each in reading.filings if each.sheet == sheet)
    return found


def told(finding: Finding) -> tuple[str, list[str]]:
    return finding.code, [cell.address for cell in finding.cells]


def all_told(found: Filing) -> list[tuple[str, list[str]]]:
    return [told(finding) for finding in found.findings]


def fill(**cells: str | float) -> Edit:
    def edit(sheet: Worksheet) -> None:
        for address, value in cells.items():
            sheet[address] = value

    return edit


def without_lines(**cells: str | float) -> Edit:
    def edit(sheet: Worksheet) -> None:
        for row in sheet["A9:N13"]:
            for cell in row:
                cell.value = None
        for row in sheet["C8:M8"]:
            for cell in row:
                cell.value = None
        fill(**cells)(sheet)

    return edit


# --- columns ---------------------------------------------------------------------------------


def test_a_column_without_heading_is_told(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, fill(P9=7, P10=8, R10="合计"))
    assert all_told(found) == [("column-unheaded", ["P9", "R10"])]
    assert found.findings[0].parameters == {"columns": "P、R"}
    assert len(found.frame) == 5


def test_extra_headings_are_one_finding(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, fill(P6="上年数", Q6="备用", P9=1))
    assert all_told(found) == [("column-unknown", ["P6", "Q6"])]
    assert found.findings[0].parameters == {"stated": "上年数、备用"}


def test_neighbouring_headings_in_units_of_another_kind_are_each_renamed(
    scheme: Scheme, first_half: bytes
) -> None:
    changed = fill(J6="计划资金(户)", K6="到位资金(户)", L6="拨付资金(户)")
    found = edited(scheme, first_half, SITES, changed)
    assert all_told(found) == [("column-renamed", [f"{letter}6"]) for letter in "JKL"]
    assert found.frame["funds_plan"].isna().all()


# --- totals ----------------------------------------------------------------------------------


def test_the_word_total_in_a_remark_makes_no_total(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, fill(N12="合计", N13="小计"))
    assert (len(found.frame), found.findings) == (5, ())


@pytest.mark.parametrize("label", ["汾西县合计", "合计（5个安置点）", "全县总计:", "合  计"])
def test_a_total_by_any_label_is_compared_and_no_line(
    scheme: Scheme, first_half: bytes, label: str
) -> None:
    found = edited(scheme, first_half, SITES, fill(A14=label, C14=464))
    assert (len(found.frame), found.findings) == (5, ())
    assert [t.value for t in found.totals if t.cell.address == "C14"] == [Decimal(464)]


@pytest.mark.parametrize("label", ["小计", "移民新村小计", "移民新村合计"])
def test_a_subtotal_is_told_and_neither_line_nor_total(
    scheme: Scheme, first_half: bytes, label: str
) -> None:
    found = edited(scheme, first_half, SITES, fill(A14=label, C14=464))
    assert len(found.frame) == 5
    assert all_told(found) == [("line-subtotal", ["A14"])]
    assert "C14" not in [total.cell.address for total in found.totals]


def test_a_subtotal_that_is_the_sum_of_no_lines_is_told(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, fill(A14="小计", C14=222))
    assert all_told(found) == [("line-subtotal", ["A14"]), ("subtotal-differs", ["C14"])]
    assert (found.findings[1].observed, found.findings[1].severity) == (None, Severity.WARNING)
    assert found.findings[1].parameters["expected"] == "464"


def test_a_total_that_only_leaves_out_text_is_no_second_finding(
    scheme: Scheme, first_half: bytes
) -> None:
    found = edited(scheme, first_half, SITES, fill(C9="９４", C8=464 - 94))
    assert all_told(found) == [("value-converted", ["C9"])]
    assert "plan_households" not in [total.indicator for total in found.totals]


# --- lines -----------------------------------------------------------------------------------


def test_a_remark_under_the_lines_is_one_finding(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, fill(A15="以上数据截至6月30日"))
    assert all_told(found) == [("line-incomplete", ["A15"])]
    assert found.findings[0].severity is Severity.ERROR
    assert len(found.frame) == 5


def test_a_number_in_a_computed_cell_alone_is_told(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, fill(M14=12))
    assert all_told(found) == [("line-incomplete", ["M14"])]


def test_lines_under_the_footer_are_told(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, fill(A42="漏填村", C42=10, D42=30))
    assert all_told(found) == [("line-beyond", ["A42"])]
    assert len(found.frame) == 5


def test_a_second_table_is_not_read_and_its_lines_are_told(
    scheme: Scheme, first_half: bytes
) -> None:
    second = fill(
        A20="移民搬迁(易地扶贫搬迁)进度表",
        A23="填报单位：汾西县",
        C25="计划户数",
        A27="某村",
        C27=9,
    )
    found = edited(scheme, first_half, SITES, second)
    assert all_told(found) == [("line-beyond", ["A27"])]


def test_nil_on_two_lines_is_a_declared_nil(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, without_lines(A9="无", A10="无"))
    assert (found.declared_nil, found.findings) == (True, ())


def test_nil_beside_a_line_is_told(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, fill(A14="无"))
    assert (found.declared_nil, len(found.frame)) == (False, 5)
    assert all_told(found) == [("line-incomplete", ["A14"])]


def test_a_first_line_of_1_2_3_is_no_row_of_column_numbers(
    scheme: Scheme, first_half: bytes
) -> None:
    def edit(sheet: Worksheet) -> None:
        sheet["A6"] = "实用技术"
        for number, cell in enumerate("BCDEFGH", start=1):
            sheet[f"{cell}6"] = number
        for cell in "ABCDEFGH":
            sheet[f"{cell}7"] = None

    found = edited(scheme, first_half, TRAINING, edit)
    assert found.frame[ROW].tolist() == [6, 8, 9, 10, 11]


def test_merged_labels_are_those_of_every_line_under_them(
    scheme: Scheme, first_half: bytes
) -> None:
    def merge(sheet: Worksheet) -> None:
        sheet.merge_cells("B9:B11")
        sheet.merge_cells("N9:N10")

    found = edited(scheme, first_half, SITES, merge)
    assert all_told(found) == [
        ("value-filled-down", ["B10", "B11"]),
        ("value-filled-down", ["N10"]),
    ]
    assert len(set(found.frame["mode"].tolist()[:3])) == 1


def test_merged_numbers_are_those_of_no_line(scheme: Scheme, first_half: bytes) -> None:
    found = edited(scheme, first_half, SITES, lambda sheet: sheet.merge_cells("C9:C11"))
    assert all_told(found) == [("cells-merged", ["C9", "C10", "C11"])]
    assert found.frame["plan_households"].isna().tolist() == [True] * 3 + [False] * 2


# --- computed cells --------------------------------------------------------------------------


def test_formulas_that_were_never_worked_out_are_worked_out_and_told(
    scheme: Scheme, first_half: bytes
) -> None:
    found = edited(scheme, first_half, BIOGAS, lambda sheet: None, values=False)
    assert all_told(found) == [("value-computed", ["G8"]), ("value-computed", ["H8"])]
    assert {f.severity for f in found.findings} == {Severity.NOTICE}
    assert found.frame["stock_now"].tolist() == [3906]
    assert found.frame["plan_pct"].tolist() == [Decimal("85.20")]
    assert found.findings[1].parameters["formula"] == Text(
        zh="本年累计新建 ÷ 本年计划 × 100", en="Built since January ÷ Planned × 100"
    )


def test_a_formula_that_takes_text_for_nothing_is_worked_out_again(
    scheme: Scheme, first_half: bytes
) -> None:
    found = edited(scheme, first_half, BIOGAS, fill(B8="3,693", G8=213))
    assert all_told(found) == [("value-converted", ["B8"]), ("value-recomputed", ["G8"])]
    assert found.frame["stock_now"].tolist() == [3906]


def test_a_number_written_over_a_formula_stays_to_be_checked(
    scheme: Scheme, first_half: bytes
) -> None:
    found = edited(scheme, first_half, BIOGAS, fill(B8="3,693", G8=4000))
    assert all_told(found) == [("value-converted", ["B8"])]
    assert found.frame["stock_now"].tolist() == [4000]


def test_an_error_that_comes_from_another_cell_is_told_once(
    scheme: Scheme, first_half: bytes
) -> None:
    found = edited(scheme, first_half, BIOGAS, fill(B8="#DIV/0!", G8="#DIV/0!"))
    assert all_told(found) == [("value-error-cell", ["B8"])]


# --- values ----------------------------------------------------------------------------------


def test_a_number_that_only_excel_takes_for_a_date_is_none(
    scheme: Scheme, first_half: bytes
) -> None:
    found = edited(scheme, first_half, FUNDS, fill(G11=2003.617))
    assert all_told(found) == [("value-not-date", ["G11"])]


@pytest.mark.parametrize("number", [2.0**63, 9.3e18, 1e300])
@pytest.mark.parametrize(
    ("sheet", "cell"), [(SITES, "C9"), (SITES, "M9"), (SITES, "C8"), (BIOGAS, "G8"), (FUNDS, "D9")]
)
def test_a_number_beyond_all_bounds_is_a_finding(
    scheme: Scheme, first_half: bytes, sheet: str, cell: str, number: float
) -> None:
    found = edited(scheme, first_half, sheet, fill(**{cell: number}))
    assert all_told(found) == [("value-too-large", [cell])]
    assert len(str(found.findings[0].parameters["observed"])) <= 40


def test_the_total_of_a_ratio_of_products_is_refused() -> None:
    assert linear(parse_value("a - 2 * (b - a) + -c")) == {"a": 3, "b": -2, "c": -1}
    with pytest.raises(ValueError, match="sums and differences of columns, not of a"):
        ratio_of(parse_value("a * b / c * 100"))
