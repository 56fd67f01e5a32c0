import io
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from schemas import messages
from schemas.filing import NIL, ROW, Filing, Reading
from schemas.findings import Finding, Severity
from schemas.models import Scheme
from schemas.period import Period
from schemas.reading.reader import read_submission
from schemas.rules.formulas import rounded
from schemas.sample.overtype import overtype
from schemas.template.template import write_workbook
from schemas.text import Text
from tests.few import few_of
from tests.schemas.clerk import BIOGAS, FENXI, FUNDS, H1, SITES, Edit, sample_of, sent

JANUARY = date(2016, 1, 5)
Y2015 = Period.parse("2015")

BANDS = "R01 移民调查摸底表(按村人口分段)"
REGISTER = "R14 建档立卡贫困户登记表(户)"


@pytest.fixture(scope="module")
def scheme(scheme: Scheme) -> Scheme:
    """The forms that are spoken of here, and no others to write and to read."""
    return few_of(scheme)


@pytest.fixture(scope="module")
def first_half(scheme: Scheme) -> bytes:
    return sent(scheme, H1)


@pytest.fixture(scope="module")
def year(scheme: Scheme) -> bytes:
    return sent(scheme, Y2015)


def edited(content: bytes, sheet: str, edit: Edit) -> bytes:
    """The workbook with one sheet changed; computed cells keep the values they had."""
    book: Workbook = load_workbook(io.BytesIO(content), data_only=True)
    edit(book[sheet])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def read(scheme: Scheme, content: bytes) -> Reading:
    return read_submission("汾西县.xlsx", content, scheme, JANUARY)


def filing(scheme: Scheme, content: bytes, form: str) -> Filing:
    (found,) = (each for each in read(scheme, content).filings if each.form == form)
    return found


def told(finding: Finding) -> tuple[str, str | None, list[str]]:
    return finding.code, finding.indicator, [cell.address for cell in finding.cells]


def only(found: Filing) -> Finding:
    (finding,) = found.findings
    return finding


# --- what is written is read back ------------------------------------------------------------


def test_the_cells_of_a_return_are_counted_before_they_are_read(scheme: Scheme) -> None:
    """Those under the headings: of the lines, and the few of the signatures and the notes."""
    counted: list[int] = []
    lines = sample_of(Y2015)["hh_member"]
    form = scheme.at(Y2015).form("hh_member")
    content = write_workbook(
        scheme, scheme.county(FENXI), Y2015, {"hh_member": lines}, forms=[form]
    )
    read_submission("汾西县.xlsx", content, scheme, JANUARY, counted=counted.append)
    (cells,) = counted
    filled = sum(value is not None for line in lines for value in line.values())
    assert filled > 100
    assert 0 <= cells - filled < 10


def test_every_value_has_its_cell(scheme: Scheme, first_half: bytes) -> None:
    found = filing(scheme, first_half, "biogas")
    assert found.columns["stock_prev"] == "B"
    assert found.frame[ROW].tolist() == [8]
    assert str(found.cell("built_ytd", 8)) == f"{BIOGAS}!E8"
    sheet = load_workbook(io.BytesIO(first_half))[BIOGAS]
    assert found.frame["built_ytd"].tolist() == [sheet["E8"].value]


def test_totals_are_kept_apart_with_their_cells(scheme: Scheme, first_half: bytes) -> None:
    bands = filing(scheme, first_half, "relocation_survey")
    assert len(bands.frame) == 4
    assert [(total.indicator, str(total.cell)) for total in bands.totals][:2] == [
        ("villages", f"{BANDS}!B12"),
        ("households", f"{BANDS}!C12"),
    ]
    assert bands.totals[0].value == sum(bands.frame["villages"].tolist())
    funds = filing(scheme, first_half, "fund_arrival")
    assert {total.cell.address for total in funds.totals} >= {"F8", "L8", "M8"}


# --- one cell of a valid workbook is changed -------------------------------------------------


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("7(28)", "value-not-number"),
        ("null", "value-not-number"),
        (Decimal("30.5"), "value-not-integer"),
        ("３０", "value-converted"),
    ],
)
def test_one_wrong_number(
    scheme: Scheme, first_half: bytes, value: Decimal | str, code: str
) -> None:
    found = filing(scheme, overtype(first_half, BIOGAS, "E8", value), "biogas")
    finding = only(found)
    assert told(finding) == (code, "built_ytd", ["E8"])
    assert (finding.county, finding.form, finding.period) == (FENXI, "biogas", "2003H1")
    assert finding.observed == str(value)
    assert found.frame["built_ytd"].tolist() == ([30] if code == "value-converted" else [None]) or (
        found.frame["built_ytd"].isna().all()
    )


def test_the_message_of_a_wrong_number_is_in_the_clerk_s_words(
    scheme: Scheme, first_half: bytes
) -> None:
    found = filing(scheme, overtype(first_half, BIOGAS, "E8", "见附件"), "biogas")
    assert messages.fact(only(found), "zh") == "“本年累计新建”应填数字，填的是“见附件”。"


def test_a_wrong_cell_leaves_the_other_forms_alone(scheme: Scheme, first_half: bytes) -> None:
    before, after = (
        read(scheme, content)
        for content in (first_half, overtype(first_half, BIOGAS, "E8", "见附件"))
    )
    assert not after.refused
    for one, other in zip(before.filings, after.filings, strict=True):
        same = one.digest(scheme.form(one.form)) == other.digest(scheme.form(one.form))
        assert same == (one.form != "biogas")


@pytest.mark.parametrize("mark", ["—", "-", "无"])
def test_a_declared_nil_is_zero_and_named(scheme: Scheme, first_half: bytes, mark: str) -> None:
    found = filing(scheme, overtype(first_half, BIOGAS, "F8", mark), "biogas")
    assert found.findings == ()
    assert found.frame["sealed"].tolist() == [0]
    assert found.frame[NIL].tolist() == ["sealed"]


def test_a_blank_is_unknown_and_not_the_reader_s_to_judge(
    scheme: Scheme, first_half: bytes
) -> None:
    found = filing(scheme, overtype(first_half, BIOGAS, "F8", " "), "biogas")
    assert found.findings == ()
    assert found.frame["sealed"].isna().all()


def test_a_formula_error_is_told_and_no_blank(scheme: Scheme, first_half: bytes) -> None:
    def divide(sheet: Worksheet) -> None:
        sheet["F8"] = "#DIV/0!"

    found = filing(scheme, edited(first_half, BIOGAS, divide), "biogas")
    assert told(only(found)) == ("value-error-cell", "sealed", ["F8"])


def test_an_error_in_a_total_is_only_a_warning(scheme: Scheme, first_half: bytes) -> None:
    def break_total(sheet: Worksheet) -> None:
        sheet["B12"] = "#REF!"

    found = filing(scheme, edited(first_half, BANDS, break_total), "relocation_survey")
    assert told(only(found)) == ("value-error-cell", "villages", ["B12"])
    assert only(found).severity is Severity.WARNING


def test_a_zero_where_nothing_can_be_computed_is_a_blank(scheme: Scheme, first_half: bytes) -> None:
    content = overtype(overtype(first_half, BIOGAS, "C8", Decimal(0)), BIOGAS, "H8", Decimal(0))
    found = filing(scheme, content, "biogas")
    assert found.frame["plan_pct"].tolist() == [None]
    assert found.frame["plan_year"].tolist() == [0]


def test_too_many_decimals_are_rounded_and_told(scheme: Scheme, first_half: bytes) -> None:
    found = filing(scheme, overtype(first_half, FUNDS, "J9", Decimal("1.23456")), "fund_arrival")
    assert told(only(found)) == ("value-too-precise", "spent", ["J9"])
    assert found.frame["spent"].tolist()[0] == Decimal("1.2346")


def test_dates_written_otherwise_and_no_dates(scheme: Scheme, first_half: bytes) -> None:
    found = filing(scheme, overtype(first_half, FUNDS, "E9", "2003.4.5"), "fund_arrival")
    assert told(only(found)) == ("value-date-converted", "issued_on", ["E9"])
    assert found.frame["issued_on"].tolist()[0] == date(2003, 4, 5)
    found = filing(scheme, overtype(first_half, FUNDS, "E9", "四月"), "fund_arrival")
    assert told(only(found)) == ("value-not-date", "issued_on", ["E9"])


def test_a_choice_that_is_none(scheme: Scheme, first_half: bytes) -> None:
    found = filing(scheme, overtype(first_half, FUNDS, "B9", "国家"), "fund_arrival")
    assert told(only(found)) == ("value-not-in-list", "source_level", ["B9"])
    choices = Text(zh="中央、省、市、县", en="central, province, city, county")
    assert only(found).parameters["choices"] == choices


def test_personal_values_are_never_told(scheme: Scheme, year: bytes) -> None:
    number = Decimal("142636197010049970")
    found = filing(scheme, overtype(year, REGISTER, "F8", number), "hh_register")
    assert told(only(found)) == ("value-digits-lost", "head_id", ["F8"])
    error = filing(scheme, overtype(year, REGISTER, "P8", Decimal("1e16")), "hh_register")
    for finding in (only(found), only(error)):
        assert finding.observed is None
        assert "14263619" not in finding.model_dump_json()
        assert finding.parameters.keys() == {"column"}


def test_the_same_fault_on_many_lines_is_one_finding(scheme: Scheme, first_half: bytes) -> None:
    content = first_half
    for line in (8, 9, 11):
        content = overtype(content, BANDS, f"B{line}", "见附件")
    finding = only(filing(scheme, content, "relocation_survey"))
    assert told(finding) == ("value-not-number", "villages", ["B8", "B9", "B11"])
    assert finding.lines == 3


# --- headings --------------------------------------------------------------------------------


def test_a_changed_heading_is_told_with_its_cell(scheme: Scheme, first_half: bytes) -> None:
    found = filing(scheme, overtype(first_half, BIOGAS, "E6", "累计完成数"), "biogas")
    assert told(only(found)) == ("column-renamed", None, ["E6"])
    assert messages.fact(only(found), "zh") == "栏目“本年累计新建”的表头被改成了“累计完成数”。"
    assert "built_ytd" not in found.columns
    assert found.frame["built_ytd"].isna().all()


def test_a_column_in_another_unit_of_money_is_converted_and_told(
    scheme: Scheme, first_half: bytes
) -> None:
    before = filing(scheme, first_half, "fund_arrival")
    found = filing(scheme, overtype(first_half, FUNDS, "F6", "下达金额\n(元)"), "fund_arrival")
    assert told(found.findings[0]) == ("column-unit", None, ["F5"])
    given = before.frame["issued"].tolist()
    assert found.frame["issued"].tolist() == [rounded(n / 10_000, 4) for n in given]


def test_a_column_in_a_unit_of_another_kind_is_not_read(scheme: Scheme, first_half: bytes) -> None:
    found = filing(scheme, overtype(first_half, FUNDS, "F6", "下达金额\n(户)"), "fund_arrival")
    assert told(only(found)) == ("column-renamed", None, ["F6"])
    assert only(found).parameters["stated"] == "下达金额(户)"


@pytest.mark.parametrize(
    "heading", ["本年 累计新建", "本年累计新建（个）", "Built since January", "本年累计\n新　建"]
)
def test_other_spellings_of_a_heading_are_no_change(
    scheme: Scheme, first_half: bytes, heading: str
) -> None:
    assert filing(scheme, overtype(first_half, BIOGAS, "E6", heading), "biogas").findings == ()


def test_a_deleted_column_is_told(scheme: Scheme, first_half: bytes) -> None:
    def delete(sheet: Worksheet) -> None:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.delete_cols(9)

    found = filing(scheme, edited(first_half, BIOGAS, delete), "biogas")
    assert told(only(found)) == ("column-missing", None, [])
    assert only(found).parameters == {"column": scheme.form("biogas")["five_one_households"].label}
    assert "five_one_households" not in found.columns
    assert found.columns["residue_households"] == "I"


def test_an_inserted_column_moves_the_others_and_is_told(scheme: Scheme, first_half: bytes) -> None:
    def insert(sheet: Worksheet) -> None:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.insert_cols(3)
        sheet["C6"] = "备用"

    before = filing(scheme, first_half, "biogas")
    found = filing(scheme, edited(first_half, BIOGAS, insert), "biogas")
    assert told(only(found)) == ("column-unknown", None, ["C6"])
    assert found.columns["plan_year"] == "D"
    for name in ("stock_prev", "plan_year", "residue_households"):
        assert found.frame[name].tolist() == before.frame[name].tolist()


def test_columns_that_changed_places_are_read_by_their_headings(
    scheme: Scheme, first_half: bytes
) -> None:
    def swap(sheet: Worksheet) -> None:
        for row in (6, 7, 8):
            one, other = sheet.cell(row, 3), sheet.cell(row, 4)
            one.value, other.value = other.value, one.value

    before = filing(scheme, first_half, "biogas")
    found = filing(scheme, edited(first_half, BIOGAS, swap), "biogas")
    assert found.findings == ()
    assert (found.columns["plan_year"], found.columns["built_period"]) == ("D", "C")
    assert found.frame["plan_year"].tolist() == before.frame["plan_year"].tolist()


def test_a_form_further_down_and_to_the_right_is_found(scheme: Scheme, first_half: bytes) -> None:
    def move(sheet: Worksheet) -> None:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.insert_rows(1, 2)
        sheet.insert_cols(1)

    found = filing(scheme, edited(first_half, BANDS, move), "relocation_survey")
    assert found.findings == ()
    assert found.frame[ROW].tolist() == [10, 11, 12, 13]
    assert found.columns["villages"] == "C"


def test_headings_that_are_gone_refuse_the_form_alone(scheme: Scheme, first_half: bytes) -> None:
    def wipe(sheet: Worksheet) -> None:
        for row in sheet["A5:J7"]:
            for cell in row:
                if not cell.coordinate.startswith(("A6", "B6")):
                    sheet[cell.coordinate] = None

    def clear(sheet: Worksheet) -> None:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        wipe(sheet)

    content = edited(first_half, BIOGAS, clear)
    found = filing(scheme, content, "biogas")
    assert told(only(found)) == ("heading-missing", None, ["A1"])
    assert (len(found.frame), found.columns) == (0, {})
    assert not read(scheme, content).refused


# --- lines -----------------------------------------------------------------------------------


def test_a_blank_form_is_empty_and_says_where_to_begin(scheme: Scheme) -> None:
    content = write_workbook(scheme, scheme.county(FENXI), H1)
    places = {each.form: told(only(each)) for each in read(scheme, content).filings}
    assert {code for code, _, _ in places.values()} == {"form-empty"}
    assert (
        places
        | {
            "relocation_survey": ("form-empty", None, ["B8"]),
            "relocation_progress": ("form-empty", None, ["A9"]),
            "biogas": ("form-empty", None, ["B8"]),
            "fund_arrival": ("form-empty", None, ["A9"]),
            "training": ("form-empty", None, ["B7"]),
            "reduction": ("form-empty", None, ["B8"]),
        }
        == places
    )


def test_a_list_declared_nil_has_no_lines_and_no_findings(scheme: Scheme) -> None:
    content = write_workbook(scheme, scheme.county(FENXI), H1, {"fund_arrival": []})
    found = filing(scheme, content, "fund_arrival")
    assert (found.declared_nil, len(found.frame), found.findings) == (True, 0, ())


def test_a_printed_line_that_is_gone_is_told(scheme: Scheme, first_half: bytes) -> None:
    found = filing(
        scheme, edited(first_half, BANDS, lambda sheet: sheet.delete_rows(9)), "relocation_survey"
    )
    assert told(only(found)) == ("line-missing", None, [])
    assert only(found).parameters == {"line": Text(zh="101-150人", en="101-150 persons")}
    assert found.frame["pop_band"].tolist() == ["le100", "p151_200", "p201_300"]


def test_a_printed_line_whose_label_was_changed_is_told_once(
    scheme: Scheme, first_half: bytes
) -> None:
    found = filing(scheme, overtype(first_half, BANDS, "A9", "一百多人"), "relocation_survey")
    assert told(only(found)) == ("value-not-in-list", "pop_band", ["A9"])


@pytest.mark.parametrize("word", ["合计", "总  计", "合 计", "Total", "小计"])
def test_totals_a_county_writes_itself_are_never_lines(
    scheme: Scheme, first_half: bytes, word: str
) -> None:
    lines = len(filing(scheme, first_half, "fund_arrival").frame)

    def add(sheet: Worksheet) -> None:
        sheet.cell(9 + lines, 1, word)
        sheet.cell(9 + lines, 6, 99)

    found = filing(scheme, edited(first_half, FUNDS, add), "fund_arrival")
    assert len(found.frame) == lines
    where = 9 + lines
    subtotal = [
        ("line-subtotal", None, [f"A{where}"]),
        ("subtotal-differs", "issued", [f"F{where}"]),
    ]
    assert [told(finding) for finding in found.findings] == (subtotal if word == "小计" else [])
    own = [total.value for total in found.totals if total.cell.address == f"F{9 + lines}"]
    assert own == ([] if word == "小计" else [Decimal(99)])


def test_blank_lines_between_lines_are_no_lines(scheme: Scheme, first_half: bytes) -> None:
    lines = len(filing(scheme, first_half, "fund_arrival").frame)
    found = filing(
        scheme, edited(first_half, FUNDS, lambda sheet: sheet.insert_rows(10, 3)), "fund_arrival"
    )
    assert found.frame[ROW].tolist() == [9, *range(13, 12 + lines)]
    assert found.findings == ()


def test_numbers_under_the_footer_are_told_and_not_read(scheme: Scheme, first_half: bytes) -> None:
    def scribble(sheet: Worksheet) -> None:
        sheet["A14"], sheet["B14"] = "附:上年", 5

    found = filing(scheme, edited(first_half, BIOGAS, scribble), "biogas")
    assert len(found.frame) == 1
    assert told(only(found)) == ("line-beyond", None, ["A14"])


def test_a_second_line_in_a_form_of_one_is_told_and_left_out(
    scheme: Scheme, first_half: bytes
) -> None:
    def add(sheet: Worksheet) -> None:
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.insert_rows(8)
        sheet["A8"], sheet["B8"] = "城关镇", 7

    before = filing(scheme, first_half, "biogas")
    found = filing(scheme, edited(first_half, BIOGAS, add), "biogas")
    assert told(only(found)) == ("line-unknown", None, ["A8"])
    assert found.frame[ROW].tolist() == [9]
    assert found.frame["stock_prev"].tolist() == before.frame["stock_prev"].tolist()


# --- the file --------------------------------------------------------------------------------


def test_a_form_that_is_not_owed_makes_no_filing(scheme: Scheme) -> None:
    yaodu = scheme.county("141002")
    poor = yaodu.model_copy(update={"groups": frozenset({"poor"})})
    others = tuple(poor if unit == yaodu else unit for unit in scheme.counties)
    generous = scheme.model_copy(update={"counties": others})
    content = write_workbook(generous, poor, H1)
    reading = read_submission("尧都区.xlsx", content, scheme, JANUARY)
    assert {finding.code for finding in reading.findings} == {"form-not-owed"}
    told_of = [(finding.form, str(finding.cells[0])) for finding in reading.findings]
    assert told_of[:2] == [
        ("relocation_survey", f"{BANDS}!A1"),
        ("relocation_progress", f"{SITES}!A1"),
    ]
    assert not reading.refused
    assert "relocation_survey" not in [each.form for each in reading.filings]


def test_a_missing_sheet_is_told_and_the_others_go_on(scheme: Scheme, first_half: bytes) -> None:
    book = load_workbook(io.BytesIO(first_half))
    del book[BIOGAS]
    target = io.BytesIO()
    book.save(target)
    reading = read(scheme, target.getvalue())
    (finding,) = reading.findings
    assert (finding.code, finding.form, finding.county) == ("sheet-missing", "biogas", FENXI)
    assert not reading.refused
    owed = scheme.forms_owed(scheme.county(FENXI), H1)
    assert [each.form for each in reading.filings] == [f.name for f in owed if f.name != "biogas"]


def test_a_file_that_is_no_workbook_is_refused_and_goes_to_the_county_in_its_name(
    scheme: Scheme,
) -> None:
    reading = read_submission("汾西县.xlsx", b"%PDF-1.4", scheme, JANUARY)
    (finding,) = reading.findings
    assert reading.refused
    assert (reading.county, reading.period, reading.filings) == ("141034", None, ())
    assert messages.fact(finding, "zh") == "文件“汾西县.xlsx”不是Excel工作簿，而是PDF文件。"


def test_a_truncated_workbook_is_refused(scheme: Scheme, first_half: bytes) -> None:
    reading = read(scheme, first_half[: len(first_half) // 2])
    assert [finding.code for finding in reading.findings] == ["file-truncated"]


def test_a_file_before_its_period_opens_is_refused_whole(scheme: Scheme, year: bytes) -> None:
    reading = read_submission("汾西县.xlsx", year, scheme, date(2015, 7, 1))
    assert reading.refused
    assert (reading.county, reading.period, reading.filings) == (FENXI, "2015", ())
    assert [finding.code for finding in reading.findings] == ["period-not-open"]


@given(st.data())
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_text_in_any_cell_is_read_without_an_exception(
    scheme: Scheme, first_half: bytes, data: st.DataObject
) -> None:
    letter = data.draw(st.sampled_from("ABCDEFGHIJ"))
    place = f"{letter}{data.draw(st.integers(7, 8))}"
    text = data.draw(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20))
    reading = read(scheme, overtype(first_half, BIOGAS, place, text))
    assert [each.form for each in reading.filings].count("biogas") == 1
    for found in reading.filings:
        for finding in found.findings:
            assert messages.fact(finding, "zh")
            assert messages.remedy(finding, "en")
