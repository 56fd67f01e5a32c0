import io
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from schemas.models import Indicator, Scheme
from schemas.period import Period
from schemas.rules.formulas import computed_formula, rounded
from schemas.sample import sample_lines
from schemas.scheme import CATALOG
from schemas.template.template import write_workbook
from schemas.text import Text

H1 = Period.parse("2003H1")
FENXI = "141034"
BIOGAS = "R04 沼气池建设进度表"
BANDS = "R01 移民调查摸底表(按村人口分段)"
FUNDS = "R07 扶贫资金到位与拨付表"
LINFEN: Path = CATALOG / "linfen"

BIOGAS_LINE = {
    "stock_prev": Decimal(3200),
    "plan_year": Decimal(300),
    "built_period": Decimal(100),
    "built_ytd": Decimal(120),
    "sealed": Decimal(80),
    "five_one_households": Decimal(12),
    "residue_households": Decimal(60),
}


def opened(content: bytes, *, values: bool = False) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=values)


@pytest.fixture(scope="module")
def blank(scheme: Scheme) -> bytes:
    return write_workbook(scheme, scheme.county(FENXI), H1)


def row(book: Workbook, sheet: str, number: int) -> Sequence[object]:
    return [cell.value for cell in book[sheet][number]]


def test_it_holds_the_owed_forms_a_help_sheet_and_a_hidden_stamp(
    scheme: Scheme, blank: bytes
) -> None:
    book = opened(blank)
    owed = scheme.forms_owed(scheme.county(FENXI), Period.parse("2003H1"))
    assert book.sheetnames == ["填报说明", "审核", *(form.sheet_name for form in owed), "_meta"]
    assert {BANDS, BIOGAS, FUNDS} <= set(book.sheetnames)
    assert book["_meta"].sheet_state == "hidden"
    stamp = [[cell.value for cell in line[:2]] for line in book["_meta"].iter_rows(max_row=8)]
    assert stamp[:6] == [
        ["huizong", "1"],
        ["scheme", "linfen"],
        ["version", "1"],
        ["county", FENXI],
        ["period", "2003H1"],
        ["form", "sheet"],
    ]
    assert stamp[6] == ["relocation_survey", BANDS]


def test_a_county_that_owes_fewer_forms_gets_fewer_sheets(scheme: Scheme) -> None:
    content = write_workbook(scheme, scheme.county("141002"), H1)
    assert not [name for name in opened(content).sheetnames if name.startswith(("R01", "R02"))]


def test_the_same_arguments_give_the_same_bytes(scheme: Scheme, blank: bytes) -> None:
    assert write_workbook(scheme, scheme.county(FENXI), H1) == blank


def test_the_frame_is_that_of_a_statistical_form(blank: bytes) -> None:
    sheet = opened(blank)[BIOGAS]
    assert sheet["A1"].value == "沼气池建设进度表"
    assert "A1:J1" in [str(area) for area in sheet.merged_cells.ranges]
    assert sheet["D2"].value == "表    号：临扶统04表"
    assert sheet["D3"].value == "制定机关：临汾市扶贫开发办公室"
    assert sheet["A4"].value == "填报单位（盖章）：汾西县"
    assert sheet["D4"].value == "2003年上半年"
    assert sheet["C5"].value == "本年建设"
    assert [sheet["A5"].value, sheet["B5"].value, sheet["C6"].value] == [
        "县(市、区)",
        "上年末累计\n(个)",
        "本年计划\n(个)",
    ]
    assert row(opened(blank), BIOGAS, 7)[:3] == ["甲", "1", "2"]
    assert sheet["A9"].value == "单位负责人："
    assert str(sheet["A10"].value).startswith("填报说明：“五个一”指")


def test_only_cells_to_fill_in_are_open_and_there_is_no_password(blank: bytes) -> None:
    sheet = opened(blank)[BIOGAS]
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert not sheet["B8"].protection.locked
    assert all(sheet[place].protection.locked for place in ("A1", "A8", "B5", "G8", "H8"))


def test_computed_cells_are_formulas_with_their_values(scheme: Scheme) -> None:
    lines = {"biogas": [BIOGAS_LINE]}
    content = write_workbook(scheme, scheme.county(FENXI), H1, lines)
    formulas, values = opened(content)[BIOGAS], opened(content, values=True)[BIOGAS]
    assert formulas["G8"].value == '=IF(OR(B8="",E8=""),"",ROUND(N(B8)+N(E8),0))'
    assert formulas["H8"].value == (
        '=IF(OR(E8="",C8=""),"",IF(N(C8)=0,"",ROUND(N(E8)/N(C8)*100,2)))'
    )
    assert (values["G8"].value, values["H8"].value) == (3320, 40)


def test_a_ratio_over_zero_shows_nothing(scheme: Scheme) -> None:
    lines = {"biogas": [{**BIOGAS_LINE, "plan_year": Decimal(0)}]}
    content = write_workbook(scheme, scheme.county(FENXI), H1, lines)
    assert opened(content, values=True)[BIOGAS]["H8"].value is None


def test_every_divisor_is_guarded() -> None:
    label = Text(zh="比例", en="Share")
    indicator = Indicator(name="x", label=label, kind="decimal", computed="a / (b - c) / d")
    formula = computed_formula(indicator, str.upper)
    assert formula.count("=0") == 2
    assert "N(B)-N(C)=0" in formula
    assert "N(D)=0" in formula


def test_totals_add_up_and_ratios_are_made_of_totals(scheme: Scheme) -> None:
    lines = sample_lines(scheme, LINFEN, H1)[FENXI]
    content = write_workbook(scheme, scheme.county(FENXI), H1, lines)
    formulas, values = opened(content)[FUNDS], opened(content, values=True)[FUNDS]
    stated = lines["fund_arrival"]
    last = 8 + max(30, len(stated) + 10)
    assert formulas["A8"].value == "合计"
    assert formulas["F8"].value == f'=IF(COUNT(F9:F{last})=0,"",SUM(F9:F{last}))'
    assert formulas["L8"].value == (
        '=IF(OR(H8="",F8=""),"",IF(N(F8)=0,"",ROUND(N(H8)/N(F8)*100,2)))'
    )
    assert formulas["M8"].value == f'=IF(COUNT(M9:M{last})=0,"",MAX(M9:M{last}))'
    issued = sum((Decimal(str(line["issued"])) for line in stated), Decimal(0))
    arrived = sum((Decimal(str(line["arrived"])) for line in stated), Decimal(0))
    assert values["F8"].value == float(issued)
    assert values["L8"].value == float(rounded(arrived / issued * 100, 2))


def test_a_list_without_lines_is_declared_nil(scheme: Scheme) -> None:
    content = write_workbook(scheme, scheme.county(FENXI), H1, {"fund_arrival": []})
    assert opened(content)[FUNDS]["A9"].value == "无"
    content = write_workbook(scheme, scheme.county(FENXI), H1, {"fund_arrival": []}, language="en")
    assert opened(content)["R07 Arrival of funds by documen"]["A9"].value == "none"


def test_the_help_sheet_says_when_each_form_is_due(scheme: Scheme) -> None:
    year = Period.parse("2015")
    help_sheet = opened(write_workbook(scheme, scheme.county(FENXI), year))["填报说明"]
    due = {row[1].value: row[4].value for row in help_sheet.iter_rows(min_row=4, max_row=45)}
    assert due["临扶统02表"] == "2016-01-10"
    assert due["临扶统14表"] == "2016-02-28"


def test_choices_numbers_and_dates_are_checked_while_typing(blank: bytes) -> None:
    sheet, meta = opened(blank)[FUNDS], opened(blank)["_meta"]
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    assert set(checks) == {f"{letter}9:{letter}38" for letter in "BCDEFGHIJ"}
    source = str(checks["B9:B38"].formula1)
    assert source.startswith("_meta!$")
    letter = source.split("$")[1]
    assert [meta[f"{letter}{number}"].value for number in range(1, 5)] == ["中央", "省", "市", "县"]
    assert checks["E9:E38"].type == "date"
    assert checks["F9:F38"].formula1 == (
        'IF(ISNUMBER(F9),AND(F9=ROUND(F9,4),F9>=0),OR(F9="—",F9="-",F9="无",F9="none"))'
    )
    assert str(checks["F9:F38"].error).startswith("“下达金额”应填数字，最多4位小数，不小于0")
    assert all(len(str(check.error)) <= 255 for check in checks.values())


def test_a_blank_form_prints_on_one_page(blank: bytes) -> None:
    sheet = opened(blank)[FUNDS]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr is not None
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight is None  # one page, as it is where nothing is said
    assert sheet.print_title_rows == "$5:$7"
    assert sheet.freeze_panes == "B8"


def test_a_list_with_many_lines_takes_as_many_pages_as_it_needs(scheme: Scheme) -> None:
    lines = [{"doc_no": f"晋财农〔2003〕{number}号"} for number in range(31)]
    book = opened(write_workbook(scheme, scheme.county(FENXI), H1, {"fund_arrival": lines}))
    assert book[FUNDS].page_setup.fitToHeight == 0


def test_numbers_of_persons_are_text_and_figures_have_their_decimals(scheme: Scheme) -> None:
    content = write_workbook(scheme, scheme.county(FENXI), Period.parse("2015"))
    register = opened(content)["R14 建档立卡贫困户登记表(户)"]
    assert [register[f"{c}8"].number_format for c in "AFPIM"] == ["@", "@", "@", "0", "0.00"]
    assert opened(content)[FUNDS]["E9"].number_format == "yyyy-mm-dd"


def test_the_same_workbook_in_english(scheme: Scheme) -> None:
    content = write_workbook(scheme, scheme.county(FENXI), H1, language="en")
    sheet = opened(content)["R04 Biogas digesters"]
    assert opened(content).sheetnames[0] == "Help"
    assert sheet["A1"].value == "Biogas digesters"
    assert sheet["A4"].value == "Reporting unit: Fenxi"
    assert sheet["B5"].value == "Stock at the end of last year\n(number)"
