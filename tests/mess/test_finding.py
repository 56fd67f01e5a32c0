"""Finding forms, counties and values in workbooks made by hand: facts with their cells."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from schemas.filing import ROW, Filing, Reading, Typed
from schemas.layout import column_letter
from schemas.models import Scheme
from schemas.reading.reader import read_submission
from tests.mess.kinds import KINDS
from tests.mess.make import PERIOD, Maker
from tests.mess.page import Cell, Column, Page, Return, Row, page_of
from tests.mess.write import workbook

FENXI = "141034"

MakePage = Callable[[str], Page]


@pytest.fixture(scope="module")
def lines(scheme: Scheme) -> Maker:
    return Maker(scheme)


@pytest.fixture
def page(scheme: Scheme, lines: Maker) -> MakePage:
    """A page of 汾西县 without any mess."""

    def make(form: str) -> Page:
        given = list(lines.lines[FENXI][form])
        return page_of(scheme.form(form), scheme, scheme.county(FENXI), PERIOD, given)

    return make


def read(
    scheme: Scheme, *pages: tuple[str, Page], name: str = "来文.xlsx", sender: str | None = None
) -> Reading:
    made = Return(name, list(pages))
    return read_submission(name, workbook(made), scheme, PERIOD.end, sender)


def codes(reading: Reading) -> list[str]:
    return [finding.code for finding in reading.findings]


def told(filing: Filing) -> list[tuple[str, list[str]]]:
    return [(f.code, [cell.address for cell in f.cells]) for f in filing.findings]


# --- forms -----------------------------------------------------------------------------------


def test_forms_stacked_on_a_sheet_are_each_read_at_their_cells(
    scheme: Scheme, page: MakePage
) -> None:
    reading = read(scheme, ("全部", page("biogas")), ("全部", page("training")))
    biogas, training = reading.filings
    assert (biogas.findings, training.findings, reading.findings) == ((), (), ())
    assert str(biogas.cell("stock_prev", biogas.frame[ROW].tolist()[0])) == "全部!B6"
    assert training.frame[ROW].tolist() == [16, 17, 18, 19, 20]


def test_a_remark_that_names_a_form_begins_none(scheme: Scheme, page: MakePage) -> None:
    made = page("biogas")
    made.notes = ["数据与《移民搬迁(易地扶贫搬迁)进度表》一致", "科技培训与新型农民培训表另报"]
    reading = read(scheme, ("Sheet1", made))
    assert [filing.form for filing in reading.filings] == ["biogas"]


def test_headings_like_those_of_a_form_but_not_enough_are_told_and_not_read(
    scheme: Scheme, page: MakePage
) -> None:
    made = page("training")
    made.title = "培训情况"
    for column in made.columns[4:]:
        column.heading = f"其他{made.columns.index(column)}"
    reading = read(scheme, ("培训", made), ("沼气", page("biogas")))
    assert codes(reading) == ["form-ambiguous"]
    assert [str(cell) for cell in reading.findings[0].cells] == ["培训!A1"]
    assert [filing.form for filing in reading.filings] == ["biogas"]


def test_the_lines_of_a_list_go_on_over_sheets(scheme: Scheme, page: MakePage) -> None:
    whole, first, second = (page("relocation_progress") for _ in range(3))
    first.rows, second.rows = first.rows[:2], second.rows[2:]
    second.top = 4
    (alone,) = read(scheme, ("表", whole)).filings
    reading = read(scheme, ("城关镇", first), ("永安镇", second))
    (filing,) = reading.filings
    assert (codes(reading), filing.findings) == ([], ())
    rows = filing.frame[ROW].tolist()
    assert filing.frame.drop(columns=ROW).equals(alone.frame.drop(columns=ROW))
    assert [str(filing.cell("site_name", row)) for row in rows] == [
        *("城关镇!A6", "城关镇!A7", "永安镇!A9", "永安镇!A10", "永安镇!A11"),
    ]
    assert [[*filing.places.rows(filing.cell("mode", row))] for row in rows] == [[r] for r in rows]


def test_columns_that_stand_on_two_sheets_are_joined_by_the_keys_of_their_lines(
    scheme: Scheme, page: MakePage
) -> None:
    first, second = page("relocation_survey"), page("relocation_survey")
    half = len(first.columns) // 2
    first.columns, second.columns = first.columns[:half], second.columns[:1] + second.columns[half:]
    second.top = 3
    second.rows.insert(1, Row("blank"))
    (alone,) = read(scheme, ("表", page("relocation_survey"))).filings
    (filing,) = read(scheme, ("表一", first), ("表二", second)).filings
    assert told(filing) == told(alone)
    assert filing.frame.drop(columns=ROW).equals(alone.frame.drop(columns=ROW))
    name = second.columns[1].indicator.name if second.columns[1].indicator else ""
    rows = filing.frame[ROW].tolist()
    assert rows[:2] == [5, 6]
    assert [str(filing.cell(name, row)) for row in rows[:2]] == ["表二!B8", "表二!B10"]


@pytest.mark.parametrize("name", ["旧表", "2002年", "上年"])
def test_lines_that_may_be_of_another_return_are_not_added(
    scheme: Scheme, page: MakePage, name: str
) -> None:
    first, second = page("relocation_progress"), page("relocation_progress")
    first.rows, second.rows = first.rows[:2], second.rows[2:]
    reading = read(scheme, ("表", first), (name, second), ("沼气", page("biogas")))
    assert codes(reading) == ["form-several"]
    assert reading.findings[0].parameters["stated"] == f"表、{name}"
    assert [filing.form for filing in reading.filings] == ["biogas"]


def test_lines_on_two_sheets_are_refused_whole(scheme: Scheme, page: MakePage) -> None:
    first, second = page("relocation_progress"), page("relocation_progress")
    first.rows, second.rows = first.rows[:3], second.rows[2:]
    reading = read(scheme, ("表", first), ("表(续)", second))
    assert (codes(reading), reading.filings) == (["form-several"], ())


def test_an_empty_copy_of_a_form_is_left_out_and_told(scheme: Scheme, page: MakePage) -> None:
    empty = page("relocation_progress")
    empty.rows = []
    reading = read(scheme, ("空表", empty), ("表", page("relocation_progress")))
    assert codes(reading) == ["sheet-repeated"]
    assert reading.findings[0].parameters["kept"] == "表"
    (filing,) = reading.filings
    assert (filing.sheet, len(filing.frame), filing.findings) == ("表", 5, ())


def test_forms_side_by_side_are_each_read_at_their_cells(scheme: Scheme, page: MakePage) -> None:
    biogas, training = page("biogas"), page("training")
    made = Return("来文.xlsx", [("全部", biogas), ("全部", training)])
    made.marks.add("beside")
    left, right = read_submission(made.name, workbook(made), scheme, PERIOD.end, None).filings
    assert (left.findings, right.findings) == ((), ())
    width = len(biogas.columns)
    assert str(left.cell("stock_prev", left.frame[ROW].tolist()[0])) == "全部!B6"
    assert right.frame[ROW].tolist() == [5, 6, 7, 8, 9]
    first = training.columns[0].indicator
    assert first is not None
    assert right.columns[first.name] == column_letter(width + 1)


def test_a_form_beside_another_is_not_begun_again_by_its_number(
    scheme: Scheme, page: MakePage
) -> None:
    biogas, training = page("biogas"), page("training")
    training.above, biogas.above = ["表号：临扶统10表"], ["表号：临扶统04表"]
    made = Return("来文.xlsx", [("全部", training), ("全部", biogas)], marks={"beside"})
    reading = read_submission(made.name, workbook(made), scheme, PERIOD.end, None)
    assert [filing.form for filing in reading.filings] == ["biogas", "training"]
    assert [len(filing.frame) for filing in reading.filings] == [1, 5]


def test_a_form_without_its_title_is_found_left_of_another(scheme: Scheme, page: MakePage) -> None:
    training, biogas = page("training"), page("biogas")
    training.title = "附件3"
    made = Return("来文.xlsx", [("全部", training), ("全部", biogas)], marks={"beside"})
    reading = read_submission(made.name, workbook(made), scheme, PERIOD.end, None)
    assert codes(reading) == ["form-by-headings"]
    found = {filing.form: (len(filing.frame), filing.findings) for filing in reading.filings}
    assert found == {"training": (5, ()), "biogas": (1, ())}


def test_a_form_on_both_sides_of_another_begins_anew(scheme: Scheme, page: MakePage) -> None:
    """Its second part is no lines of the form between."""
    made = Return(
        "来文.xlsx",
        [("全部", page("training")), ("全部", page("biogas")), ("全部", page("training"))],
        marks={"beside"},
    )
    reading = read_submission(made.name, workbook(made), scheme, PERIOD.end, None)
    assert [(filing.form, filing.findings) for filing in reading.filings] == [("biogas", ())]
    assert codes(reading) == ["form-several"]


def test_a_hidden_sheet_is_used_only_where_no_other_holds_the_form(
    scheme: Scheme, page: MakePage
) -> None:
    def reading_of(*names: str) -> Reading:
        made = Return("来文.xlsx", [(name, page("biogas")) for name in names])
        made.pages.append(("培训", page("training")))
        made.hidden = {"藏"}
        return read_submission(made.name, workbook(made), scheme, PERIOD.end)

    assert codes(reading_of("藏")) == ["sheet-hidden-used"]
    both = reading_of("沼气", "藏")
    assert codes(both) == ["sheet-hidden"]
    assert both.filings[0].sheet == "沼气"


# --- columns and rows ------------------------------------------------------------------------


def test_a_heading_in_two_rows_is_one(scheme: Scheme, page: MakePage) -> None:
    made = page("relocation_survey")
    for column, path in ((2, ("涉及",)), (3, ("涉及",))):
        made.columns[column].path = path
        made.columns[column].heading = ("户数(户)", "人数(人)")[column - 2]
    (filing,) = read(scheme, ("表", made)).filings
    assert filing.findings == ()
    assert (filing.columns["households"], filing.columns["persons"]) == ("C", "D")


def test_of_two_columns_with_one_heading_neither_is_read(scheme: Scheme, page: MakePage) -> None:
    made = page("biogas")
    made.columns.insert(2, Column(made.columns[1].heading, cells=[Cell(None, 7)]))
    (filing,) = read(scheme, ("表", made)).filings
    assert told(filing) == [("column-ambiguous", ["B3", "C3"])]
    assert "stock_prev" not in filing.columns


def test_the_unit_over_the_table_is_that_of_its_columns(scheme: Scheme, page: MakePage) -> None:
    made = page("fund_arrival")
    before = made.of("issued").cells[0].truth
    assert KINDS["全表按元填写"](Return("", [("表", made)]), Random(0))
    (filing,) = read(scheme, ("表", made)).filings
    assert {code for code, _ in told(filing)} == {"column-unit"}
    assert filing.frame["issued"].tolist()[0] == before
    assert filing.typed["issued", filing.frame[ROW].tolist()[0]].step == Decimal("0.0001")


def test_a_list_goes_on_over_its_pages(scheme: Scheme, page: MakePage) -> None:
    made = page("relocation_progress")
    made.rows[2:2] = [
        Row("subtotal", texts=("本页小计",), sums=(0, 1)),
        Row("remark", texts=("单位负责人：",)),
        Row("remark", texts=(made.title,)),
        Row("remark", texts=(made.stated_county, made.stated_period)),
        Row("heading"),
    ]
    (filing,) = read(scheme, ("表", made)).filings
    assert filing.frame[ROW].tolist() == [6, 7, 15, 16, 17]
    assert told(filing) == [("line-subtotal", ["A8"])]


def test_a_table_of_another_year_below_is_no_further_page(scheme: Scheme, page: MakePage) -> None:
    made = page("relocation_progress")
    made.rows[2:2] = [
        Row("remark", texts=("单位负责人：",)),
        Row("remark", texts=("2002年上半年移民搬迁进度",)),
        Row("heading"),
    ]
    (filing,) = read(scheme, ("表", made)).filings
    assert len(filing.frame) == 2
    assert told(filing) == [("line-beyond", ["A13", "A14", "A15"])]


def test_hidden_lines_and_columns_are_read_and_told(scheme: Scheme, page: MakePage) -> None:
    made = page("relocation_progress")
    made.rows[1].hidden = made.columns[2].hidden = True
    (filing,) = read(scheme, ("表", made)).filings
    assert told(filing) == [("cells-hidden", ["A7"]), ("cells-hidden", ["C3"])]
    assert len(filing.frame) == 5


# --- values ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "code", "value", "typed"),
    [
        ("近1.2万个", "value-rough", 12000, Typed("近1.2万个", Decimal(1000), "近")),
        ("３０", "value-converted", 30, Typed("３０", Decimal(1))),
        ("30个", "value-unit-converted", 30, Typed("30个", Decimal(1))),
        ("一千二百", "value-converted", 1200, Typed("一千二百", Decimal(1))),
        ("30户", "value-other-unit", None, None),
        ("=3*10", "value-not-calculated", None, None),
    ],
)
def test_what_was_typed_is_kept_beside_the_number(
    scheme: Scheme, page: MakePage, written: str, code: str, value: int | None, typed: Typed | None
) -> None:
    made = page("biogas")
    made.of("sealed").cells[0].write(written)
    (filing,) = read(scheme, ("表", made)).filings
    assert told(filing) == [(code, ["F6"])]
    assert filing.frame["sealed"].tolist() == [value] or filing.frame["sealed"].isna().all()
    assert filing.typed == ({} if typed is None else {("sealed", 6): typed})


def test_a_ditto_mark_is_the_value_above_and_above_the_first_line_nothing(
    scheme: Scheme, page: MakePage
) -> None:
    made = page("fund_arrival")
    for cell in made.of("issued_on").cells[:2]:
        cell.write("〃")
    made.of("fund_year").cells[1].write("同上")
    (filing,) = read(scheme, ("表", made)).filings
    assert sorted(told(filing)) == [
        ("value-ditto", ["D7"]),
        ("value-ditto-unclear", ["E6", "E7"]),
    ]
    assert filing.frame["fund_year"].tolist()[:2] == [2003, 2003]


def test_a_serial_date_counts_from_the_epoch_of_its_workbook(
    scheme: Scheme, page: MakePage
) -> None:
    made = page("fund_arrival")
    made.of("issued_on").cells[0].write(36341, number_format="General")
    whole = Return("来文.xlsx", [("表", made)], marks={"1904"})
    (filing,) = read_submission(whole.name, workbook(whole), scheme, PERIOD.end).filings
    assert told(filing) == [("value-date-converted", ["E6"])]
    assert filing.frame["issued_on"].tolist()[0] == date(2003, 7, 1)


def test_townships_in_place_of_the_county_are_not_taken_for_it(
    scheme: Scheme, page: MakePage
) -> None:
    """The form has one line for the county: neither a township's figures nor 合计 are that."""
    made = page("biogas")
    county = made.columns[0]
    for column in made.columns:
        column.cells = [*column.cells, *column.cells]
    county.cells[0], county.cells[1] = Cell(None, "永安镇"), Cell(None, "对竹镇")
    made.rows = [Row("total", texts=("合计",), sums=(0, 1)), Row("line", 0), Row("line", 1)]
    (filing,) = read(scheme, ("表", made)).filings
    assert len(filing.frame) == 0
    where = [["A7"], ["A8"], []]
    assert told(filing) == list(zip(["line-unknown"] * 2 + ["line-missing"], where, strict=True))
    county.cells[1] = Cell(None, "汾西县")
    (filing,) = read(scheme, ("表", made)).filings
    assert filing.frame[ROW].tolist() == [8]
    county.cells[0] = Cell(None, "汾西县")
    (filing,) = read(scheme, ("表", made)).filings
    assert told(filing) == [("key-repeated", ["A7", "A8"])]


def test_equal_numbers_of_a_column_may_be_in_different_units(
    scheme: Scheme, page: MakePage
) -> None:
    """What a column's cells say is kept by what is written in them, which their formats change."""
    made = page("fund_arrival")
    paid = made.of("paid").cells
    for cell, number_format in zip(paid, ('0"元"', '0"万元"', "0"), strict=False):
        cell.write(2000, number_format=number_format)
    (filing,) = read(scheme, ("表", made)).filings
    assert filing.frame["paid"].tolist()[:3] == [Decimal("0.2"), 2000, 2000]


@pytest.mark.parametrize("label", ["合計", "總計：", "累 计", "县计", "汇总"])
def test_a_total_is_known_by_many_words(scheme: Scheme, page: MakePage, label: str) -> None:
    made = page("fund_arrival")
    lines = made.lines
    made.rows.insert(0, Row("total", texts=(label,), sums=tuple(lines)))
    (filing,) = read(scheme, ("表", made)).filings
    assert (len(filing.frame), told(filing)) == (len(lines), [])
    assert {total.cell.address[1:] for total in filing.totals} == {"6"}


def test_the_label_of_a_line_may_be_numbered(scheme: Scheme, page: MakePage) -> None:
    made = page("training")
    for cell, number in zip(
        made.columns[0].cells, ("一、", "（二）", "3.", "④", "其中："), strict=True
    ):
        cell.written = f"{number}{cell.written}"
    (filing,) = read(scheme, ("表", made)).filings
    assert (filing.frame["kind"].isna().sum(), told(filing)) == (0, [])


# --- whose it is -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("stated", "name", "sender", "county", "found"),
    [
        ("填报单位：", "汾西县.xlsx", None, FENXI, ["county-by-origin"]),
        ("填报单位：", "汾西县和隰县.xlsx", None, None, ["county-conflict"]),
        ("填报单位：", "2003H1/汾西/报表.xlsx", None, FENXI, ["county-by-origin"]),
        ("填报单位：", "报表.xlsx", "汾西县扶贫办", FENXI, ["county-by-origin"]),
        ("填报单位：", "汾西县.xlsx", "隰县扶贫办", None, ["county-conflict"]),
        ("填报单位：汾西县", "曲沃县.xlsx", None, None, ["county-conflict"]),
        ("填报单位：汾西县", "报表.xlsx", "曲沃县扶贫办", None, ["county-conflict"]),
        ("填报单位：汾西县", "临汾市/汾西县.xlsx", None, FENXI, []),
        ("填报单位：堯都", "报表.xlsx", None, "141002", []),
        ("填报单位：隰縣", "报表.xlsx", None, "141031", []),
        ("填报单位：吉縣", "报表.xlsx", None, "141028", []),
        ("填报单位：____汾西县____", "报表.xlsx", None, FENXI, []),
        ("填报单位（盖章）：（汾西县）", "报表.xlsx", None, FENXI, []),
        ("填报单位：Jixian", "报表.xlsx", None, None, ["county-ambiguous"]),
    ],
)
def test_the_county_by_what_the_workbook_says_and_where_it_comes_from(
    scheme: Scheme,
    page: MakePage,
    stated: str,
    name: str,
    sender: str | None,
    county: str | None,
    found: list[str],
) -> None:
    made = page("training")
    made.stated_county = stated
    reading = read(scheme, ("表", made), name=name, sender=sender)
    assert (reading.county, codes(reading)) == (county, found)


def test_the_county_may_stand_in_the_title(scheme: Scheme, page: MakePage) -> None:
    made = page("training")
    made.stated_county, made.title = "", "汾西县科技培训与新型农民培训表"
    reading = read(scheme, ("表", made))
    assert (reading.county, codes(reading)) == (FENXI, [])


@pytest.mark.parametrize(
    ("stated", "name", "period", "found"),
    [
        ("", "2003年上半年汾西.xlsx", "2003H1", ["period-by-origin"]),
        ("", "2003H1/报表.xlsx", "2003H1", ["period-by-origin"]),
        ("", "2015年报表.xlsx", "2015", ["period-by-origin", "period-not-open"]),
        ("", "报表.xlsx", None, ["period-missing"]),
        ("2003年上半年", "2015年.xlsx", "2003H1", ["period-name-differs"]),
        ("二〇〇三年上半年", "2003H1.xlsx", "2003H1", []),
        ("二OO三年上半年", "报表.xlsx", "2003H1", []),
        ("2003年1—6月份", "报表.xlsx", "2003H1", []),
        ("报告期：2003H1", "报表.xlsx", "2003H1", []),
    ],
)
def test_the_period_by_what_the_workbook_says_and_its_name(
    scheme: Scheme, page: MakePage, stated: str, name: str, period: str | None, found: list[str]
) -> None:
    made = page("training")
    made.stated_period = stated
    reading = read(scheme, ("表", made), name=name)
    assert (reading.period, codes(reading)) == (period, found)


def test_a_period_may_stand_over_several_cells(scheme: Scheme, page: MakePage) -> None:
    """The year alone would be another period."""
    made = page("training")
    made.stated_period, made.stated_unit = "2003年", "上半年"
    reading = read(scheme, ("表", made))
    assert (reading.period, codes(reading)) == ("2003H1", [])
