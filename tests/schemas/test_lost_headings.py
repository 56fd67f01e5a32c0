"""Headings that a clerk worded anew are never guessed: the finding names what could be meant."""

from datetime import date

from openpyxl import Workbook

from schemas.discretion import NOT_SHOWN
from schemas.findings import Finding
from schemas.models import Scheme
from schemas.reading.reader import read_submission
from schemas.text import Text
from tests.schemas.test_workbook import saved

HEADINGS = (
    *("县别", "上年末累计", "本年计划", "本期新建", "本年累计新建", "其中:已密封配套", "期末累计"),
    *("完成计划比例", "五个一示范户", "沼渣沼液综合利用户"),
)
NUMBERS = ("隰县", 100, 200, 60, 80, 70, 180, 40, 30, 40)


def findings(scheme: Scheme, form: str, *rows: tuple[str | int, ...]) -> list[Finding]:
    """The findings about a form whose table stands under its title and head."""
    book = Workbook()
    period = {"沼气池建设进度表": "2003年上半年", "教育扶贫资助名册": "2015年"}[form]
    for row in ((form,), ("填报单位：隰县", period), *rows):
        book.worksheets[0].append(row)
    reading = read_submission("报表.xlsx", saved(book), scheme, date(2026, 1, 1))
    assert reading.findings == ()
    return [finding for filing in reading.filings for finding in filing.findings]


def test_they_are_told_with_what_stands_there(scheme: Scheme) -> None:
    other = ("县别", "去年底", "任务", "近期", "共修", "配套", "现有", "完成", "五合一", "用户")
    (told,) = findings(scheme, "沼气池建设进度表", other, NUMBERS)
    assert told.code == "heading-missing"
    assert isinstance(columns := told.parameters["columns"], Text)
    assert columns.zh == "、".join(HEADINGS[1:])
    assert told.parameters["stated"] == "、".join(other[1:])


def test_one_much_like_a_lost_column_is_told_beside_it(scheme: Scheme) -> None:
    """Between other columns as many headings stand as columns are lost; here there are more."""
    other = ("上年底累计", "示范沼气池", "用肥户")
    rows = (("县别", *other, *HEADINGS[2:]), ("隰县", 100, 7, 8, *NUMBERS[2:]))
    renamed, unknown = findings(scheme, "沼气池建设进度表", *rows)
    assert (renamed.code, renamed.parameters["stated"]) == ("column-renamed", "上年底累计")
    assert isinstance(column := renamed.parameters["column"], Text)
    assert column.zh == "上年末累计"
    assert (unknown.code, unknown.parameters["stated"]) == ("column-unknown", "示范沼气池、用肥户")


def test_of_a_list_of_persons_nothing_is_quoted(scheme: Scheme) -> None:
    """What stands where headings should be may as well be a line of the list."""
    (told,) = findings(scheme, "教育扶贫资助名册", ("张三", "李四", "王五", "赵六"))
    assert (told.code, told.parameters["stated"]) == ("heading-missing", NOT_SHOWN)
