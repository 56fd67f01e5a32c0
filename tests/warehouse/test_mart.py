"""The published contract on both databases: what its views are, and what they say."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from schemas.filing import Piece
from schemas.findings import Finding, Severity
from schemas.models import Scheme
from warehouse.mart.contract import contract, description
from warehouse.mart.estimate import Estimate, estimates
from warehouse.mart.view import qualified
from warehouse.publish.edition import Edition
from warehouse.publish.resources import resources
from warehouse.triangle import triangle

if TYPE_CHECKING:
    from tests.warehouse.conftest import House

XI, FENXI, YONGHE, CITY = "141031", "141034", "141032", "141000"
AGREED = Path(__file__).parents[2] / "deploy" / "dashboards" / "contract-v1.csv"
REMEDY = """the contract is not what was agreed. What would break a reader is a new version
beside it; what is only added is written down by `huizong warehouse contract`."""


def ask(engine: Engine, statement: str) -> list[tuple[Any, ...]]:
    """Rows of a statement in which `mart.` stands before the names of views."""
    if engine.dialect.name == "sqlite":
        statement = statement.replace("mart.", "mart_")
    with engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


# --- what was agreed -----------------------------------------------------------------------------


def test_the_contract_is_what_was_agreed(scheme: Scheme) -> None:
    assert description(scheme) == AGREED.read_text(encoding="utf-8"), REMEDY


def test_every_view_has_the_columns_and_types_of_the_dictionary(
    engine: Engine, few: Scheme
) -> None:
    kinds = {
        "integer": {"INTEGER", "BIGINT"},
        "decimal": {"NUMERIC"},
        "boolean": {"BOOLEAN"},
        "timestamp": {"TIMESTAMP"},
        "date": {"DATE"},
        "text": {"VARCHAR", "TEXT"},
    }
    postgresql = engine.dialect.name == "postgresql"
    inspector = inspect(engine)
    for view in contract(few):
        if not postgresql:
            known = inspector.get_columns(qualified(view.name, engine.dialect))
            assert [c["name"] for c in known] == [c.name for c in view.columns]
            continue
        made = {c["name"]: c for c in inspector.get_columns(view.name, "mart")}
        assert list(made) == [column.name for column in view.columns]
        about = inspector.get_table_comment(view.name, "mart")["text"] or ""
        assert view.about.zh in about
        assert view.about.en in about
        for column in view.columns:
            kind = type(made[column.name]["type"]).__visit_name__.upper()
            assert kind in kinds[column.type], (view.name, column.name)
            comment = made[column.name]["comment"] or ""
            assert column.meaning.zh in comment
            assert column.meaning.en in comment


def test_no_column_of_the_contract_is_personal(scheme: Scheme) -> None:
    views = {view.name: view for view in contract(scheme)}
    for form in scheme.forms:
        personal = {indicator.name for indicator in form.indicators if indicator.personal}
        assert personal.isdisjoint(column.name for column in views[form.name].columns)


def test_the_dictionary_is_a_view_of_the_contract(engine: Engine, few: Scheme) -> None:
    told = ask(
        engine,
        "SELECT ordinal, type, unit_zh, meaning_zh, meaning_en FROM mart.dictionary "
        "WHERE view_name = 'fund_arrival' AND column_name = 'issued'",
    )
    assert told == [(7, "decimal", "万元", "下达 下达金额", "Issued Amount")]
    version = ask(engine, "SELECT contract_version, scheme_version, county_name FROM mart.contract")
    assert version == [(1, "1", "临汾市")]


# --- what the views say --------------------------------------------------------------------------


def test_a_view_shows_what_was_published_last_in_plain_numbers(house: House) -> None:
    for number, arrived in ((1, "3"), (2, "2.5000")):
        line = {"doc_no": "1", "issued": Decimal("8"), "arrived": Decimal(arrived)}
        house.submit(house.filing("fund_arrival", XI, line), night=number)
        house.publish(night=number)
    statement = (
        "SELECT county_code, county_name, status, revised, arrived, arrival_pct, "
        "counties_reported, counties_owed FROM mart.fund_arrival WHERE county_code IN "
        f"('{CITY}', '{XI}', '{FENXI}') ORDER BY county_code"
    )
    assert ask(house.engine, statement) == [
        (CITY, "临汾市", "provisional", True, 2.5, 31.25, 1, 17),
        (XI, "隰县", "normal", True, 2.5, 31.25, 1, 17),
        (FENXI, "汾西县", "missing", False, None, None, 1, 17),
    ]
    assert ask(house.engine, "SELECT count(*) FROM mart.fund_arrival") == [(18,)]


def test_rows_are_told_of_what_stands_on_one_sheet(house: House) -> None:
    lines = [{"doc_no": f"{n}", "issued": Decimal(n), "arrived": Decimal(n)} for n in (1, 2)]
    house.submit(house.filing("fund_arrival", XI, *lines), name="whole.xlsx")
    continued = Piece("续表", {"doc_no": "A", "issued": "C", "arrived": "D"}, 6, 6, 2)
    split = replace(house.filing("fund_arrival", FENXI, *lines), pieces=(continued,))
    house.submit(split, name="split.xlsx")
    house.publish()
    told = ask(
        house.engine,
        "SELECT file, sheet_column, first_row, last_row FROM mart.sources "
        "WHERE form = 'fund_arrival' AND measure = 'issued' ORDER BY first_row IS NULL",
    )
    assert told == [("whole.xlsx", "G", 5, 6), ("split.xlsx", "G", None, None)]


def test_the_open_data_say_what_the_views_say(house: House) -> None:
    document = {"doc_no": "晋财农〔2015〕1号", "issued": Decimal("3.5"), "arrived": Decimal(3)}
    house.submit(house.filing("fund_arrival", XI, document), name="1.xlsx")
    house.submit(house.filing("fund_arrival", YONGHE), name="2.xlsx")
    contents = house.publish()
    csv = next(t for t in resources(Edition(contents, "zh")) if t.name == "fund_arrival")
    names = [field.name for field in csv.fields]
    rows = ask(house.engine, f"SELECT {', '.join(names)} FROM mart.fund_arrival")
    published = {row[1]: list(row) for row in csv.rows}
    assert {row[1] for row in rows} == published.keys()
    for row in rows:
        assert [
            value if value is None or isinstance(value, str) else Decimal(str(value))
            for value in row
        ] == published[row[1]]


def test_every_edition_of_a_figure_stays_and_a_revision_says_why(house: House) -> None:
    def task(county: str, task: int, night: int) -> None:
        house.submit(house.filing("reduction", county, {"task": task}), night=night)
        house.publish(night=night)

    task(XI, 5, 1)
    task(XI, 7, 2)
    task(FENXI, 1, 3)
    of_task = "WHERE form = 'reduction' AND measure = 'task' AND county_code = "
    editions = ask(
        house.engine,
        f"SELECT value, serial, until_serial FROM mart.history {of_task} '{CITY}' ORDER BY serial",
    )
    assert editions == [(5, 1, 2), (7, 2, 3), (8, 3, None)]
    revised = ask(
        house.engine,
        "SELECT county_code, before, after, difference, version_before, version_after, cause "
        "FROM mart.revisions WHERE measure = 'task' ORDER BY serial, county_code",
    )
    assert revised == [
        (CITY, 5, 7, 2, None, None, "counties"),
        (XI, 5, 7, 2, 1, 2, "corrected"),
        (CITY, 7, 8, 1, None, None, "counties"),
        (FENXI, None, 1, None, None, 1, "late"),
    ]
    form, city = house.scheme.form("reduction"), house.scheme.municipality
    with house.engine.connect() as connection:
        vintages = [*triangle(connection, ["2015"], form, "task", city)]
    known = ask(
        house.engine,
        f"SELECT serial, value, change FROM mart.triangle {of_task} '{CITY}' ORDER BY serial",
    )
    assert known == [(1, 5, None), (2, 7, 2), (3, 8, 1)]
    assert known == [(each.serial, each.value, each.change) for each in vintages]
    assert ask(house.engine, f"SELECT value, change FROM mart.triangle {of_task} '{XI}'") == [
        (5, None), (7, 2), (7, 0),
    ]  # fmt: skip


def test_what_was_published_cannot_be_altered(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 5}))
    house.publish()
    for statement in (
        "UPDATE published_figures SET value = 1",
        "DELETE FROM published_figures",
        "UPDATE published_returns SET standing = 'accepted'",
        "DELETE FROM published_findings",
    ):
        refused = pytest.raises(DBAPIError, match="kept as they are")
        with house.engine.connect() as connection, refused:
            connection.execute(text(statement))


def test_plan_and_completion_stand_beside_a_figure(house: House) -> None:
    line = {"task": Decimal(80), "lent_ytd": Decimal(40), "bank": "农行"}
    house.submit(house.filing("microcredit", XI, line))
    house.publish()
    told = ask(
        house.engine,
        "SELECT value, unit, plan, completion_pct FROM mart.observations "
        f"WHERE measure = 'lent_ytd' AND period = '2015' AND county_code = '{XI}'",
    )
    assert told == [(40, "万元", 80, 50)]


def test_what_is_missing_is_estimated_beside_it_and_never_in_its_place(house: House) -> None:
    """A stock as it was before; what comes about in time by the growth of the others."""
    before = {(XI, "balance"): Decimal(10), (FENXI, "balance"): Decimal(3)}
    last_year = {(XI, "lent_ytd"): Decimal(40), (FENXI, "lent_ytd"): Decimal("0.3")}
    line = {"bank": "农行", "lent_ytd": Decimal(50), "balance": Decimal(12)}
    house.submit(house.filing("microcredit", XI, line))
    made = estimates(house.table("microcredit"), before, last_year)
    assert made == {
        (FENXI, "balance"): Estimate(Decimal(3), "last_value"),
        (FENXI, "lent_ytd"): Estimate(Decimal("0.375"), "growth_of_others"),
    }


def test_an_estimate_has_a_column_and_a_status_of_its_own(house: House) -> None:
    for period, counties in (("2015-01", (XI, FENXI)), ("2015-02", (XI,))):
        for county in counties:
            line = {"bank": "农行", "balance": Decimal(7)}
            filing = house.filing("microcredit", county, line, period=period)
            house.submit(filing, name=f"{county}{period}")
        house.publish(period=period)
    told = ask(
        house.engine,
        "SELECT county_code, value, status, estimate, method FROM mart.observations "
        "WHERE form = 'microcredit' AND measure = 'balance' AND period = '2015-02' "
        f"AND county_code IN ('{CITY}', '{XI}', '{FENXI}', '{YONGHE}') ORDER BY county_code",
    )
    assert told == [
        (CITY, 7, "provisional", None, None),
        (XI, 7, "normal", None, None),
        (YONGHE, None, "missing", None, None),
        (FENXI, None, "estimated", 7, "last_value"),
    ]


def test_findings_and_completeness_say_what_became_of_returns(house: House) -> None:
    doubt = Finding(
        code="value-missing",
        severity=Severity.WARNING,
        indicator="task",
        parameters={"column": "本年任务"},
    )
    for county in (XI, YONGHE):
        filing = house.filing("reduction", county, {"task": None}, findings=[doubt])
        house.submit(filing, night=8, name=f"{county}.xlsx")
    house.publish(night=8)
    standing = ask(
        house.engine,
        "SELECT county_code, standing, due, received, days_late, errors, warnings "
        "FROM mart.completeness WHERE form = 'reduction' AND period = '2015' "
        f"AND county_code IN ('{CITY}', '{XI}', '{FENXI}') ORDER BY county_code",
    )
    days = [tuple(None if v is None else str(v) for v in row) for row in standing]
    assert days == [
        (CITY, "incomplete", "2016-01-10", None, None, "0", "2"),
        (XI, "unexplained", "2016-01-10", "2016-01-12", "2", "0", "1"),
        (FENXI, "missing", "2016-01-10", None, None, "0", "0"),
    ]
    found = ask(
        house.engine,
        "SELECT severity, county_name, state, indicator FROM mart.findings "
        "WHERE code = 'value-missing'",
    )
    assert sorted(found) == [
        ("warning", "永和县", "open", "task"),
        ("warning", "隰县", "open", "task"),
    ]


# --- reconciliation ------------------------------------------------------------------------------


def test_a_municipal_difference_is_made_of_those_of_the_counties_with_their_causes(
    house: House,
) -> None:
    """Tasks of the reduction of poverty against the targets that the city issued."""
    targets = [(XI, 7), (FENXI, 3), (YONGHE, 4)]
    lines = [{"county": c, "item": "lifted", "target": Decimal(n)} for c, n in targets]
    house.submit(house.filing("plan_targets", CITY, *lines), name="plan")
    for county, task in ((XI, 5), (YONGHE, 4), ("141002", 1)):
        house.submit(house.filing("reduction", county, {"task": task}), name=county)
    house.publish()
    told = ask(
        house.engine,
        "SELECT county_code, against_form, stated, expected, difference, difference_cause "
        "FROM mart.reconciliation WHERE rule = 'R18-issued' AND against = 'plan' AND "
        f"county_code IN ('{CITY}', '141002', '{XI}', '{YONGHE}', '{FENXI}') ORDER BY county_code",
    )
    assert told == [
        (CITY, "plan_targets", 10, 14, -4, "counties"),
        ("141002", "plan_targets", 1, None, 1, "coverage"),
        (XI, "plan_targets", 5, 7, -2, "differs"),
        (YONGHE, "plan_targets", 4, 4, 0, "agrees"),
        (FENXI, "plan_targets", None, 3, -3, "late"),
    ]


def test_what_agreed_until_it_was_revised_and_what_came_late_is_told_so(house: House) -> None:
    """Against the plan, and against what was published last."""
    line = {"county": XI, "item": "lifted", "target": Decimal(7)}
    house.submit(house.filing("plan_targets", CITY, line), name="plan")
    house.submit(house.filing("reduction", FENXI, {"task": 3}), name="late", night=2)
    for night, task in ((1, 7), (2, 9)):
        house.submit(house.filing("reduction", XI, {"task": task}), night=night)
        house.publish(night=night)
    told = ask(
        house.engine,
        "SELECT difference, difference_cause FROM mart.reconciliation "
        f"WHERE rule = 'R18-issued' AND county_code = '{XI}'",
    )
    assert told == [(2, "revised")]
    since = ask(
        house.engine,
        "SELECT county_code, against, stated, expected, difference, difference_cause "
        "FROM mart.reconciliation WHERE rule = 'last-publication-reduction-task' "
        "ORDER BY county_code",
    )
    assert since == [
        (CITY, "publication", 12, 7, 5, "counties"),
        (XI, "publication", 9, 7, 2, "revised"),
        (FENXI, "publication", 3, None, 3, "late"),
    ]
