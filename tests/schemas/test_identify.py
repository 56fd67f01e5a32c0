import io
from collections.abc import Callable
from datetime import date
from functools import cache

import pytest
from openpyxl import Workbook, load_workbook

from schemas import messages
from schemas.drawing.stamp import META, Stamp
from schemas.findings import Finding
from schemas.models import Scheme
from schemas.origin.identify import Identity, identify
from schemas.origin.stated import county_named
from schemas.period import Period
from schemas.template.template import write_workbook
from schemas.text import Text
from schemas.workbook import open_workbook
from tests.few import few_of

H1 = Period.parse("2003H1")
IN_JULY = date(2003, 7, 1)
BIOGAS = "R04 沼气池建设进度表"
BANDS = "R01 移民调查摸底表(按村人口分段)"

Edit = Callable[[Workbook], None]
Identify = Callable[..., Identity]


@pytest.fixture(scope="module")
def scheme(scheme: Scheme) -> Scheme:
    """The forms that are spoken of here, and no others to write and to read."""
    return few_of(scheme)


@pytest.fixture(scope="module")
def identified(scheme: Scheme) -> Identify:
    @cache
    def template(period: Period) -> bytes:
        return write_workbook(scheme, scheme.county("141034"), period)

    def run(
        edit: Edit | None = None,
        *,
        on: date = IN_JULY,
        period: Period = H1,
        name: str = "汾西县.xlsx",
        sender: str | None = None,
    ) -> Identity:
        content = template(period)
        if edit is not None:
            book = load_workbook(io.BytesIO(content))
            edit(book)
            target = io.BytesIO()
            book.save(target)
            content = target.getvalue()
        return identify(open_workbook(content, name), scheme, on, sender)

    return run


def without_stamp(book: Workbook) -> None:
    del book[META]


def state_county(text: str) -> Edit:
    def edit(book: Workbook) -> None:
        without_stamp(book)
        for sheet in book.worksheets[1:]:
            sheet["A4"] = text

    return edit


def only(identity: Identity) -> Finding:
    (finding,) = identity.findings
    return finding


def cells(finding: Finding) -> list[str]:
    return [str(cell) for cell in finding.cells]


def whose(identity: Identity) -> tuple[str | None, str | None]:
    return identity.county.code if identity.county else None, identity.period


def test_a_template_is_told_by_its_stamp_and_agrees_with_its_sheets(identified: Identify) -> None:
    found = identified()
    assert whose(found) == ("141034", "2003H1")
    codes = [each.form.code for each in found.forms]
    assert codes == sorted(codes)
    assert {"R01", "R02", "R04", "R07", "R10", "R18"} <= set(codes)
    assert (found.findings, found.missing) == ((), ())


def test_a_stamp_reads_back_even_where_a_program_made_numbers_of_it() -> None:
    stamp = Stamp("linfen", "1", "141034", "2015", {"biogas": BIOGAS})
    assert Stamp.read(stamp.rows()) == stamp
    rows = [[name, 2015.0 if name == "period" else value, ""] for name, value in stamp.rows()]
    assert Stamp.read(rows) == stamp
    assert Stamp.read([["something", "else"]]) is None


@pytest.mark.parametrize(
    "text",
    [
        "填报单位（盖章）：汾西县",
        "填报单位： 汾 西 县 （公章）",
        "填报单位:汾西",
        "填表单位：山西省临汾市汾西县",
        "综合机关名称：汾西县扶贫开发办公室",
        "填报单位：141034",
        "Reporting unit: Fenxi",
    ],
)
def test_without_a_stamp_the_county_is_what_the_sheets_say(identified: Identify, text: str) -> None:
    assert whose(identified(state_county(text))) == ("141034", "2003H1")


def test_the_county_may_stand_in_the_next_cell(identified: Identify) -> None:
    def edit(book: Workbook) -> None:
        without_stamp(book)
        for sheet in book.worksheets[1:]:
            sheet.unmerge_cells(str(next(a for a in sheet.merged_cells.ranges if "A4" in a)))
            sheet["A4"], sheet["B4"] = "填报单位（盖章）：", "汾西县"

    assert whose(identified(edit)) == ("141034", "2003H1")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("尧都区", "141002"),
        ("堯都區", "141002"),
        ("临汾县", "141002"),
        ("霍县", "141082"),
        ("臨汾市堯都區", "141002"),
        ("吉县", "141028"),
        ("隰县", "141031"),
        ("临汾市", None),
        ("万荣县", None),
        ("县", None),
        ("", None),
    ],
)
def test_counties_by_all_their_names(scheme: Scheme, text: str, code: str | None) -> None:
    unit = county_named(text, scheme)
    assert (unit.code if unit else None) == code


@pytest.mark.parametrize("text", ["填报单位：万荣县", "填报单位：临汾市"])
def test_a_county_of_elsewhere_is_unknown(identified: Identify, text: str) -> None:
    found = identified(state_county(text))
    assert (only(found).code, found.county) == ("county-unknown", None)
    assert only(found).parameters == {"stated": text.removeprefix("填报单位：")}
    assert cells(only(found))[:2] == [f"{BANDS}!A4", "R02 移民搬迁(易地扶贫搬迁)进度表!A4"]


@pytest.mark.parametrize(
    ("text", "candidates"),
    [
        ("Jixian", "吉县、隰县"),
        ("Xi Xian", "吉县、隰县"),
        ("孚山县", "浮山县"),
        ("Quwo xian", "曲沃县"),
    ],
)
def test_a_name_like_those_of_counties_is_told_with_them(
    identified: Identify, text: str, candidates: str
) -> None:
    found = identified(state_county(f"填报单位：{text}"))
    assert (only(found).code, found.county) == ("county-ambiguous", None)
    assert isinstance(told := only(found).parameters["candidates"], Text)
    assert told.zh == candidates


def test_a_whole_workbook_of_a_county_of_elsewhere_is_unknown(
    scheme: Scheme, identified: Identify
) -> None:
    fenxi = scheme.county("141034")
    name = Text(zh="万荣县", en="Wanrong")
    other = fenxi.model_copy(update={"code": "140822", "name": name})
    strangers = scheme.model_copy(update={"counties": (other,)})
    content = write_workbook(strangers, other, H1)
    found = identify(open_workbook(content, "万荣县.xlsx"), scheme, IN_JULY)
    assert only(found).code == "county-unknown"
    assert only(found).parameters == {"stated": "万荣县"}


@pytest.mark.parametrize("stated", ["填报单位（盖章）：汾西县", "填报单位（盖章）："])
def test_a_stamp_whose_county_is_blank_is_told_as_that(identified: Identify, stated: str) -> None:
    def edit(book: Workbook) -> None:
        for sheet in book.worksheets:
            sheet["B4" if sheet.title == META else "A4"] = None if sheet.title == META else stated

    found = identified(edit)
    assert (only(found).code, cells(only(found))) == ("county-blank", [f"{META}!B4"])
    assert "“”" not in messages.fact(only(found), "zh")


def test_what_nobody_sees_is_the_name_of_no_county(identified: Identify) -> None:
    def edit(book: Workbook) -> None:
        without_stamp(book)
        for sheet in book.worksheets[1:]:
            sheet.unmerge_cells(str(next(a for a in sheet.merged_cells.ranges if "A4" in a)))
            sheet["A4"], sheet["B4"] = "填报单位（盖章）：", "\u200b"

    assert only(identified(edit, name="报表.xlsx")).code == "county-missing"


def test_no_county_at_all(identified: Identify) -> None:
    found = identified(state_county("填报单位（盖章）："), name="报表.xlsx")
    assert only(found).code == "county-missing"
    assert only(found).parameters == {"file": "报表.xlsx"}


def test_a_sheet_of_another_county_is_a_conflict(identified: Identify) -> None:
    def edit(book: Workbook) -> None:
        book[BIOGAS]["A4"] = "填报单位（盖章）：隰县"

    found = identified(edit)
    assert (only(found).code, found.county) == ("county-conflict", None)
    assert only(found).parameters == {"stated": Text(zh="汾西县、隰县", en="Fenxi, Xi County")}
    assert f"{BIOGAS}!A4" in cells(only(found))


def test_the_stamp_and_all_sheets_in_conflict(identified: Identify) -> None:
    def edit(book: Workbook) -> None:
        for sheet in book.worksheets[1:-1]:
            sheet["A4"] = "填报单位（盖章）：隰县"

    assert only(identified(edit)).parameters == {
        "stated": Text(
            zh="隰县、汾西县(下发本工作簿时所填)",
            en="Xi County, Fenxi (for which the workbook was issued)",
        )
    }


def state_period(text: str) -> Edit:
    def edit(book: Workbook) -> None:
        without_stamp(book)
        for sheet in book.worksheets[1:]:
            for cell in sheet[4]:
                if cell.value == "2003年上半年":
                    cell.value = text

    return edit


@pytest.mark.parametrize(
    "text", ["2003年上半年", "２００３年上半年", "2○○3 年 上半年", "报告期：2003年上半年", "2003H1"]
)
def test_without_a_stamp_the_period_is_what_the_sheets_say(identified: Identify, text: str) -> None:
    assert whose(identified(state_period(text))) == ("141034", "2003H1")


def test_the_period_may_stand_in_the_title(identified: Identify) -> None:
    def edit(book: Workbook) -> None:
        state_period("")(book)
        book[BIOGAS]["A1"] = "2003年上半年沼气池建设进度表"

    assert whose(identified(edit)) == ("141034", "2003H1")


@pytest.mark.parametrize("text", ["", "20  年  月", "2003年7月5日", "有效期至：2004年6月"])
def test_other_dates_are_no_period(identified: Identify, text: str) -> None:
    found = identified(state_period(text))
    assert (only(found).code, found.period) == ("period-missing", None)
    assert only(found).county == "141034"


def test_a_sheet_of_another_period_is_a_conflict(identified: Identify) -> None:
    def edit(book: Workbook) -> None:
        book[BIOGAS]["D4"] = "2015年"

    found = identified(edit)
    assert (only(found).code, found.period) == ("period-conflict", None)
    assert f"{BIOGAS}!D4" in cells(only(found))
    stated = only(found).parameters["stated"]
    assert isinstance(stated, Text)
    assert stated.zh == "2003年上半年、2015年"


@pytest.mark.parametrize(
    ("period", "on", "is_open"),
    [
        ("2003H1", date(2003, 6, 19), "(无)"),
        ("2015", date(2003, 7, 1), "2003年上半年"),
        ("2004H1", date(2016, 1, 1), "2003年上半年"),
    ],
)
def test_a_period_that_is_not_open_is_told_with_those_that_are(
    identified: Identify, period: str, on: date, is_open: str
) -> None:
    found = identified(period=Period.parse(period), on=on)
    assert whose(found) == ("141034", period)
    assert only(found).code == "period-not-open"
    told = only(found).parameters["open"]
    assert isinstance(told, Text)
    assert told.zh == is_open


def test_a_closed_period_is_not_open(scheme: Scheme) -> None:
    first = scheme.periods[0].model_copy(update={"closed": True})
    closed = scheme.model_copy(update={"periods": (first, *scheme.periods[1:])})
    content = write_workbook(scheme, scheme.county("141034"), H1)
    found = identify(open_workbook(content, "汾西县.xlsx"), closed, date(2016, 1, 1))
    assert only(found).code == "period-not-open"


def test_a_renamed_sheet_is_known_by_its_title(identified: Identify) -> None:
    def edit(book: Workbook) -> None:
        book[BIOGAS].title = "Sheet1"

    assert [each.sheet.name for each in identified(edit).forms][2] == "Sheet1"


def test_a_changed_title_is_known_by_the_form_number_or_the_stamp(identified: Identify) -> None:
    def retitled(book: Workbook) -> None:
        book[BIOGAS]["A1"] = "沼气"

    def without_both(book: Workbook) -> None:
        retitled(book)
        book[BIOGAS]["D2"] = ""

    for edit in (retitled, without_both):
        assert "biogas" in [each.form.name for each in identified(edit).forms]


def test_a_form_the_stamp_lists_and_no_sheet_holds_is_missing(identified: Identify) -> None:
    def edit(book: Workbook) -> None:
        del book[BIOGAS]

    assert [form.name for form in identified(edit).missing] == ["biogas"]


def test_of_two_sheets_of_a_form_the_template_s_own_is_used_and_told(identified: Identify) -> None:
    def edit(book: Workbook) -> None:
        copy = book.copy_worksheet(book[BIOGAS])
        copy.title = "沼气(旧)"
        book.move_sheet(copy, -6)

    found = identified(edit)
    assert [each.sheet.name for each in found.forms if each.form.name == "biogas"] == [BIOGAS]
    assert only(found).code == "sheet-repeated"
    assert cells(only(found)) == [f"{BIOGAS}!A1", "沼气(旧)!A1"]
    assert (only(found).county, only(found).form) == ("141034", "biogas")


def test_a_workbook_without_any_form(scheme: Scheme) -> None:
    book = Workbook()
    book.worksheets[0].append(["电话", 12])
    target = io.BytesIO()
    book.save(target)
    found = identify(open_workbook(target.getvalue(), "杂.xlsx"), scheme, IN_JULY)
    assert only(found).code == "form-none"
    assert whose(found) == (None, None)
