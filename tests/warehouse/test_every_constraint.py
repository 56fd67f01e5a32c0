"""Every constraint of the fixed tables and of forms, broken once; every guard, on every column."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Constraint,
    Executable,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
    delete,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

from schemas.findings import CheckResult, Finding, Severity
from schemas.models import Scheme
from schemas.text import Text
from tests.conftest import empty_warehouse
from tests.warehouse.conftest import House
from warehouse.form_tables import form_tables, line_table, personal_table
from warehouse.judging.closings import Turn, turn_period
from warehouse.judging.reviews import Decision
from warehouse.stewards.verdicts import return_filing
from warehouse.tables import explanations, metadata

XI, FENXI = "141031", "141034"
FOLLOWING_THE_SCHEME = {
    *("org_units", "periods", "forms", "indicators", "owed", "pseudonym_keys"),
    *("published_columns", "published_measures", "published_periods", "published_views"),
}
ONCE = {
    "submissions": {"recorded_at", "county_code", "period", "answers", "scheme_fingerprint"},
    "filings": {"accepted_to"},
    "terms": {"accepted_to"},
    "published_areas": {"until_serial"},
    "published_comparisons": {"until_serial"},
    "published_figures": {"until_serial"},
    "published_findings": {"until_serial"},
    "published_returns": {"until_serial"},
}
TABLES = metadata.sorted_tables
KEPT = [table for table in TABLES if table.name not in FOLLOWING_THE_SCHEME]

# What makes another good row of the first one of a table; OTHER is a file that is not recorded.
OTHER = "1" * 64
ANOTHER: dict[str, dict[str, Any]] = {
    "org_units": {"code": "999999"},
    "periods": {"id": "1999"},
    "forms": {"name": "other", "code": "X01"},
    "indicators": {"name": "other"},
    "owed": {"county_code": "141000"},
    "published_views": {"name": "other"},
    "submissions": {"sha256": "2" * 64},
    "receipts": {"id": 99, "name": "other.xlsx"},
    "filings": {"id": 99, "version": 9, "sha256": OTHER},
    "findings": {"id": 99, "key": "other"},
    "check_results": {"ordinal": 99},
    "judgements": {"judged_at": "night 9"},
    "explanations": {"id": 99, "cell": "Sheet!Z9"},
    "reviews": {"id": 99},
    "terms": {"review_id": 2, "accepted_to": "night 9"},
    "closings": {"ordinal": 3},
    "publications": {"serial": 2},
    "upgrades": {"id": 99},
    "schemes": {"fingerprint": "other"},
    "typed": {"row": 99},
    "rejections": {"explanation_id": 2},
    "notices": {"id": 99},
    "personal_accesses": {"id": 99},
    "pseudonym_keys": {"indicator": "id_no_pseudonym"},
    "published_areas": {"area": "another"},
    "published_columns": {"name": "other"},
    "published_comparisons": {"rule": "other"},
    "published_figures": {"measure": "other"},
    "published_findings": {"key": "other"},
    "published_measures": {"name": "other"},
    "published_periods": {"id": "1998"},
    "published_returns": {"county_code": "141000", "form": "other"},
    "form_pv": {"line": 2, "station_no": "2"},
    "form_hh_register": {"line": 3, "hh_no": "3"},
    "personal_hh_register": {"line": 2},
    "pseudonym_hh_register": {"line": 2},
}
WRONG: dict[str, dict[str, Any]] = {
    "ck_periods_starts_before_end": {"starts": date(2016, 1, 1), "ends": date(2015, 1, 1)},
    "ck_submissions_whole_digest": {"sha256": "short"},
    "ck_submissions_whole_content": {"size": 1},
    "ck_submissions_kept_before_recorded": {"kept_at": "night 9"},
    "ck_filings_version_from_one": {"version": 0},
    "ck_filings_status_known": {"status": "maybe", "accepted_from": None, "accepted_to": None},
    "ck_filings_accepted_has_a_start": {"status": "refused"},
    "ck_filings_ends_after_start": {"accepted_from": "night 9"},
    "ck_findings_severity_known": {"severity": "fatal"},
    "ck_findings_state_known": {"state": "forgotten"},
    "ck_check_results_no_negative_counts": {"failed": -1},
    "ck_explanations_says_something": {"text": ""},
    "ck_reviews_action_known": {"action": "forgotten"},
    "ck_reviews_has_a_reason": {"why": ""},
    "ck_reviews_has_a_name": {"reviewed_by": ""},
    "ck_terms_ends_after_start": {"accepted_from": "night 9", "accepted_to": "night 1"},
    "ck_closings_ordinal_from_one": {"ordinal": 0, "action": "reopened"},
    "ck_closings_action_known": {"action": "sealed"},
    "ck_closings_closed_then_reopened": {"action": "reopened"},
    "ck_closings_has_a_reason": {"why": ""},
    "ck_closings_has_a_name": {"decided_by": ""},
    "ck_publications_serial_from_one": {"serial": 0},
    "ck_rejections_has_a_reason": {"why": ""},
    "ck_rejections_has_a_name": {"rejected_by": ""},
    "ck_notices_event_known": {"event": "forgotten"},
    "ck_personal_accesses_has_a_reason": {"why": ""},
    "ck_personal_accesses_has_a_name": {"read_by": ""},
    "ck_published_areas_replaced_later": {"until_serial": 1},
    "ck_published_comparisons_replaced_later": {"until_serial": 1},
    "ck_published_figures_estimate_has_a_method": {"method": "guess", "estimate": None},
    "ck_published_figures_replaced_later": {"until_serial": 1},
    "ck_published_figures_status_known": {"status": "maybe"},
    "ck_published_findings_replaced_later": {"until_serial": 1},
    "ck_published_returns_replaced_later": {"until_serial": 1},
    "ck_form_pv_line_from_one": {"line": 0},
    "ck_form_hh_register_line_from_one": {"line": 0},
}
TWICE: dict[str, dict[str, Any]] = {
    "uq_filings_live": {"accepted_to": None, "county_code": FENXI},
    "uq_terms_live": {"accepted_to": None},
    "uq_published_figures_series": {"serial": 9},
}


@dataclass(frozen=True)
class Breach:
    """A way to break one constraint: columns that get a wrong value, or that of the first row."""

    table: Table
    name: str
    wrong: Mapping[str, Any]
    repeated: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.name


def breaches(tables: Iterable[Table]) -> Iterator[Breach]:
    for table in tables:
        for column in table.columns:
            if not column.nullable and not column.primary_key:
                yield Breach(table, f"nn_{table.name}_{column.name}", {column.name: None})
        for constraint in sorted(table.constraints, key=lambda c: str(c.name)):
            name = str(constraint.name or unnamed(table, constraint))
            match constraint:
                case CheckConstraint():
                    yield Breach(table, name, WRONG[name])
                case ForeignKeyConstraint(columns=columns):
                    unknown: Any = 999 if is_whole(next(iter(columns))) else "no such thing"
                    wrong = {column.name: unknown for column in columns}
                    yield Breach(table, name, wrong)
                case PrimaryKeyConstraint() | UniqueConstraint():
                    yield Breach(table, name, {}, tuple(c.name for c in constraint.columns))
        for index in table.indexes:
            if index.unique:
                assert index.name is not None
                live = index.name.endswith("_live")
                repeated = () if live else tuple(c.name for c in index.columns)
                yield Breach(table, index.name, TWICE.get(index.name, {}), repeated)


def unnamed(table: Table, constraint: Constraint) -> str:
    """How PostgreSQL calls a constraint of the table of a form."""
    if isinstance(constraint, PrimaryKeyConstraint):
        return f"{table.name}_pkey"
    assert isinstance(constraint, ForeignKeyConstraint)
    return "_".join((table.name, *constraint.column_keys, "fkey"))


def is_whole(column: Column[Any]) -> bool:
    return column.type.python_type is int


ALL = list(breaches(TABLES))
OF_FORMS = ("pv", "hh_register")  # one with keys, and one with persons
PERSON = {"head_name": "张三丰", "head_id": "142632197001011234"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, few: Scheme
) -> Iterator[House]:
    """A warehouse with a row in every table."""
    with empty_warehouse(request, tmp_path_factory.mktemp("filled")) as engine:
        house = House(engine, few)
        line = {"station_no": "1", "capacity_kw": Decimal(100)}
        result = CheckResult(
            check="R22-idle",
            statement=Text(zh="一", en="one"),
            severity=Severity.ERROR,
            passed=1,
            failed=0,
            undetermined=0,
        )
        doubtful = Finding(
            code="value-missing",
            severity=Severity.WARNING,
            rule="R22-idle",
            parameters={"column": "x"},
        )
        for night in (1, 2):
            filing = house.filing("pv", XI, {**line, "village": str(night)}, findings=[doubtful])
            house.submit(filing, results=[result], night=night)
        house.submit(house.filing("pv", FENXI, line))
        house.submit(house.filing("hh_register", XI, {"hh_no": "1", "persons": 3, **PERSON}))
        decision = Decision("as agreed", "Wang Min", house.night(3))
        with engine.begin() as connection:
            return_filing(connection, few, 2, decision)
            turn_period(connection, few.period("2015"), Turn.CLOSED, decision)
            explain(connection, house, "A2")
            explain(connection, house, "A3")
            connection.execute(
                insert(metadata.tables["reviews"]).values(
                    filing_id=1,
                    action="accepted",
                    why="so",
                    reviewed_by="Li Na",
                    reviewed_at=house.night(3),
                )
            )
        house.publish(night=4)
        with engine.begin() as connection:
            write_down(connection, house)
            submissions = metadata.tables["submissions"]
            row = first_row(connection, submissions)
            connection.execute(insert(submissions).values({**row, "sha256": OTHER}))
            lines = line_table(few.form("hh_register"))
            nobody = first_row(connection, lines) | {"line": 2, "hh_no": "2"}
            connection.execute(insert(lines).values(nobody))
        yield house


def write_down(connection: Connection, house: House) -> None:
    """What nights and people add to the tables that stand beside the returns."""
    who = {"filing_id": 1, "read_by": "Wang Min", "why": "to ask back", "read_at": house.night(3)}
    night = {"kind": "night", "about": "1", "recipient": "office", "event": "started"}
    agrees = {"county_code": XI, "serial": 1, "form": "pv", "against": "plan", "cause": "late"}
    rows: dict[str, dict[str, Any]] = {
        "typed": {"filing_id": 1, "row": 5, "indicator": "pv", "text": "近1", "step": "1"},
        "rejections": {"explanation_id": 1, "why": "no", "rejected_by": "Li Na"}
        | {"rejected_at": house.night(3)},
        "notices": {**night, "as_of": house.night(1), "at": house.night(1)},
        "personal_accesses": {**who, "line": 1},
        "judgements": {"filing_id": 1, "judged_at": house.night(3), "changed": False}
        | {"causes": [], "begun": [], "ended": [], "results": [], "scheme_fingerprint": "x"},
        "pseudonym_keys": {"form": "hh_register", "indicator": "a_pseudonym", "mark": "0" * 64},
        "periods": first_row(connection, metadata.tables["periods"]) | {"id": "1998"},
        "published_areas": {"form": "pv", "period": "2015", "county_code": XI, "serial": 1}
        | dict.fromkeys(("area", "attribute", "code", "measure"), "")
        | {"label_zh": "一", "label_en": "one"},
        "published_comparisons": {**agrees, "period": "2015", "rule": "plan"}
        | {"difference": Decimal(1), "label_zh": "一", "label_en": "one"},
    }
    for name, row in rows.items():
        connection.execute(insert(metadata.tables[name]).values(row))


def explain(connection: Connection, house: House, cell: str) -> None:
    connection.execute(
        insert(explanations).values(
            rule="R22-idle",
            county_code=XI,
            form="pv",
            line="1",
            period="2015",
            until=date(2016, 12, 31),
            covers={},
            text="停机检修",
            written_by=XI,
            sha256=first_row(connection, metadata.tables["submissions"])["sha256"],
            cell=f"Sheet!{cell}",
            recorded_at=house.night(1),
        )
    )


def first_row(connection: Connection, table: Table) -> dict[str, Any]:
    rows = connection.execute(select(table).order_by(*table.primary_key)).mappings()
    return dict(rows.first() or {})


def another(house: House, connection: Connection, table: Table) -> dict[str, Any]:
    return first_row(connection, table) | moments(house, ANOTHER[table.name])


def moments(house: House, values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: house.night(int(value.split()[1])) if str(value).startswith("night ") else value
        for name, value in values.items()
    }


def test_every_check_has_its_breach(few: Scheme) -> None:
    of_forms = [table for name in OF_FORMS for table in form_tables(few.form(name))]
    assert WRONG.keys() <= {breach.name for breach in (*ALL, *breaches(of_forms))}
    assert len(ALL) > 150


@pytest.mark.parametrize("table", TABLES, ids=str)
def test_what_is_right_is_taken(filled: House, table: Table) -> None:
    with filled.engine.connect() as connection:
        connection.execute(insert(table).values(another(filled, connection, table)))


@pytest.mark.parametrize("breach", ALL, ids=str)
def test_what_breaks_a_constraint_is_refused(filled: House, breach: Breach) -> None:
    refuses(filled, breach)


@pytest.mark.parametrize("form", OF_FORMS)
def test_what_breaks_a_constraint_of_a_form_is_refused(filled: House, form: str) -> None:
    tables = form_tables(filled.scheme.form(form))
    with filled.engine.connect() as connection:
        for table in tables:
            connection.execute(insert(table).values(another(filled, connection, table)))
    for breach in breaches(tables):
        refuses(filled, breach)


def refuses(house: House, breach: Breach) -> None:
    """See that a row is refused, by the constraint that it is to break."""
    with house.engine.connect() as connection:
        good = another(house, connection, breach.table)
        first = first_row(connection, breach.table)
        wrong = {name: first[name] for name in breach.repeated} | moments(house, breach.wrong)
        # A JSON null is written as such; what is to be refused is a missing value.
        given = {
            name: v for name, v in (good | wrong).items() if name not in wrong or v is not None
        }
        with pytest.raises(IntegrityError) as refused:
            connection.execute(insert(breach.table).values(given))
    if isinstance(refused.value.orig, psycopg.Error):  # which SQLite does not always say
        said = refused.value.orig.diag
        assert breach.name == (said.constraint_name or f"nn_{said.table_name}_{said.column_name}")


@pytest.mark.parametrize("table", KEPT, ids=str)
def test_no_column_of_what_was_kept_is_rewritten(filled: House, table: Table) -> None:
    with filled.engine.connect() as connection:
        row = first_row(connection, table)
        once = ONCE.get(table.name, set())
        for column in table.columns:
            if column.name in once and row[column.name] is None:
                continue
            change = update(table).values({column.name: row[column.name]})
            if column.name in once:
                change = change.where(column.is_not(None))
            with pytest.raises(DBAPIError, match="are kept as they are: no update"):
                connection.execute(change)
            connection.rollback()


@pytest.mark.parametrize("table", KEPT, ids=str)
def test_no_row_of_what_was_kept_goes_away(filled: House, table: Table) -> None:
    with filled.engine.connect() as connection:
        ways: list[Executable] = [delete(table)]
        if connection.dialect.name == "postgresql":
            ways.append(text(f"TRUNCATE {table.name} CASCADE"))
        else:
            row = first_row(connection, table)
            ways.append(insert(table).prefix_with("OR REPLACE").values(row))
        for way in ways:
            with pytest.raises(DBAPIError, match="are kept as they are"):
                connection.execute(way)
            connection.rollback()


def test_lines_of_filings_stay_as_they_were_accepted(filled: House) -> None:
    pv, register = (filled.scheme.form(name) for name in OF_FORMS)
    with filled.engine.connect() as connection:
        for table in (line_table(pv), line_table(register), personal_table(register)):
            assert table is not None
            for change in (update(table).values(line=7), delete(table)):
                with pytest.raises(DBAPIError, match="are kept as they are"):
                    connection.execute(change)
                connection.rollback()
