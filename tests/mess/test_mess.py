"""Every kind of mess alone, some combinations of three, and a table made without our template."""

from itertools import islice
from random import Random

import pytest

from schemas.filing import records
from schemas.models import Scheme
from schemas.reading.reader import read_submission
from schemas.rules.formulas import completed
from tests.mess.judge import Judgement, judge
from tests.mess.kinds import KINDS
from tests.mess.make import PERIOD, Maker
from tests.mess.page import Return, page_of
from tests.mess.write import workbook


@pytest.fixture(scope="module")
def maker(scheme: Scheme) -> Maker:
    return Maker(scheme)


def judged(made: Return, scheme: Scheme) -> Judgement:
    content = workbook(made)
    return judge(made, read_submission(made.name, content, scheme, PERIOD.end), scheme)


def test_there_are_at_least_forty_kinds() -> None:
    assert len(KINDS) >= 40


def test_without_mess_everything_is_right(maker: Maker, scheme: Scheme) -> None:
    for number in range(5):
        made = maker.plain(Random(number))
        result = judged(made, scheme)
        assert (result.wrong, result.counts["refused"]) == ([], 0)
        assert result.counts["right"] == len(made.truth)


@pytest.mark.parametrize("name", list(KINDS))
def test_no_mess_alone_puts_a_value_into_a_wrong_cell(
    maker: Maker, scheme: Scheme, name: str
) -> None:
    made = maker.messy((name,), Random(name))
    assert judged(made, scheme).wrong == []


def test_nor_do_three_kinds_together(maker: Maker, scheme: Scheme) -> None:
    for kinds, made in islice(maker.together(), 30):
        assert judged(made, scheme).wrong == [], kinds


def test_a_form_known_by_its_headings_only_is_read_from_a_table_made_by_hand(
    maker: Maker, scheme: Scheme
) -> None:
    """Own title rows, three merged rows of headings, a row of units, 合计 first, notes below."""
    form, county = scheme.form("relocation_progress"), scheme.county("141034")
    lines = list(maker.lines[county.code][form.name])
    made = Return("来文.xlsx", [("Sheet1", page_of(form, scheme, county, PERIOD, lines))])
    for kind in ("自拟标题", "三层表头", "单位另起一行", "没有栏次行", "首行合计", "表下说明"):
        assert KINDS[kind](made, Random(1)), kind
    reading = read_submission(made.name, workbook(made), scheme, PERIOD.end)
    assert [finding.code for finding in reading.findings] == ["form-by-headings"]
    (filing,) = reading.filings
    assert filing.findings == ()
    assert records(filing.frame, form) == [completed(form, line) for line in lines]
    assert str(filing.cell("site_name", 9)) == "Sheet1!A9"
    assert [total.cell.address for total in filing.totals][:2] == ["C8", "D8"]
