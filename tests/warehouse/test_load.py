from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, func, select

from schemas import messages
from schemas.errors import WarehouseError
from schemas.filing import Checked, Reading, Received
from schemas.findings import Finding, Severity
from schemas.models import Scheme
from warehouse.form_tables import form_tables, line_table, personal_table
from warehouse.loading.load import FilingOutcome, keep, pending, record
from warehouse.tables import filings, findings, metadata, receipts, submissions

if TYPE_CHECKING:
    from tests.warehouse.conftest import House

XI, FENXI = "141031", "141034"
TRUNCATED = Finding(code="file-truncated", severity=Severity.ERROR, parameters={"file": "a.xlsx"})
MISSING = Finding(code="value-missing", severity=Severity.ERROR, parameters={"column": "x"})


def count_rows(connection: Connection, scheme: Scheme) -> dict[str, int]:
    tables = [*metadata.sorted_tables, *(t for form in scheme.forms for t in form_tables(form))]
    return {
        table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in tables
    }


def test_bytes_are_kept_as_they_came(house: House) -> None:
    received = Received("隰县.xlsx", b"PK\x03\x04\x00\xff", "folder", "xx@example.org")
    with house.engine.begin() as connection:
        assert keep(connection, received, house.night(1))
    with house.engine.connect() as connection:
        assert pending(connection) == [received]


def test_the_same_file_leaves_one_row_and_one_receipt(house: House) -> None:
    received = Received("隰县.xlsx", b"PK", "folder")
    with house.engine.begin() as connection:
        assert keep(connection, received, house.night(1))
        assert not keep(connection, received, house.night(2))
        assert connection.scalar(select(func.count()).select_from(receipts)) == 1


def test_pending_files_come_in_the_order_of_receipt(house: House) -> None:
    names = ["z.xlsx", "a.xlsx", "m.xlsx"]
    with house.engine.begin() as connection:
        for name in names:
            keep(connection, Received(name, name.encode(), "folder"), house.night(1))
        assert [received.name for received in pending(connection)] == names


def test_a_run_killed_after_keeping_goes_on_where_it_was(house: House) -> None:
    received = Received("隰县.xlsx", b"PK", "folder")
    with house.engine.begin() as connection:
        keep(connection, received, house.night(1))
    filing = house.filing("pv", XI, {"station_no": "1", "capacity_kw": Decimal(100)})
    with house.engine.connect() as connection:
        before = count_rows(connection, house.scheme)

    def killed() -> None:
        with house.engine.begin() as connection:
            record_one(connection, house, received.sha256, Reading(XI, "2015", (filing,)))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        killed()
    with house.engine.begin() as connection:
        assert count_rows(connection, house.scheme) == before
        assert pending(connection) == [received]
        outcomes = record_one(connection, house, received.sha256, Reading(XI, "2015", (filing,)))
        assert [outcome.status for outcome in outcomes] == ["accepted"]
        assert pending(connection) == []


def record_one(
    connection: Connection, house: House, sha256: str, reading: Reading
) -> tuple[FilingOutcome, ...]:
    checked = [Checked((), ()) for _ in reading.filings]
    return record(connection, house.scheme, sha256, reading, checked, house.night(1))


def test_recording_a_file_twice_changes_nothing(house: House) -> None:
    filing = house.filing("pv", XI, {"station_no": "1", "capacity_kw": Decimal(100)})
    first = house.submit(filing, findings=[TRUNCATED], content=b"one")
    with house.engine.connect() as connection:
        before = count_rows(connection, house.scheme)
    assert house.submit(filing, findings=[TRUNCATED], content=b"one", night=2) == first
    with house.engine.connect() as connection:
        assert count_rows(connection, house.scheme) == before


def test_a_file_that_was_not_kept_cannot_be_recorded(house: House) -> None:
    with house.engine.begin() as connection, pytest.raises(WarehouseError, match="not kept"):
        record(connection, house.scheme, "0" * 64, Reading(), [], house.night(1))


def test_lines_are_stored_typed_and_exact(house: House) -> None:
    line = {
        "doc_no": "晋财农〔2015〕105号",
        "source_level": "central",
        "fund_kind": "training",
        "fund_year": 2015,
        "issued_on": date(2015, 3, 1),
        "issued": Decimal("12345678.1234"),
        "arrived": Decimal("-0.0001"),
    }
    house.submit(house.filing("fund_arrival", XI, line))
    table = line_table(house.scheme.form("fund_arrival"))
    with house.engine.connect() as connection:
        row = connection.execute(select(table)).mappings().one()
    assert {name: row[name] for name in line} == line
    assert (row["line"], row["row"], row["arrived_on"]) == (1, 5, None)


def test_personal_data_stand_in_a_table_of_their_own(house: House) -> None:
    form = house.scheme.form("hh_register")
    line = {"hh_no": "1", "head_name": "张三", "head_id": "11010519491231002X", "persons": 3}
    house.submit(house.filing("hh_register", XI, line))
    personal = personal_table(form)
    assert personal is not None
    assert not {"head_name", "head_id", "phone"} & set(line_table(form).columns.keys())
    with house.engine.connect() as connection:
        row = connection.execute(select(personal)).mappings().one()
    assert (row["line"], row["head_name"], row["phone"]) == (1, "张三", None)


def test_an_error_refuses_its_filing_and_no_other_of_the_workbook(house: House) -> None:
    bad = house.filing("pv", XI, {"station_no": "1"}, findings=[MISSING])
    good = house.filing("reduction", XI, {"task": 400})
    outcomes = house.submit(bad, good)
    assert outcomes == (
        FilingOutcome("pv", XI, "2015", 1, "refused"),
        FilingOutcome("reduction", XI, "2015", 1, "accepted"),
    )


def test_a_refused_filing_leaves_the_earlier_one_in_place(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 400}))
    bad = house.filing("reduction", XI, {"task": 999}, findings=[MISSING])
    (outcome,) = house.submit(bad, night=2)
    assert (outcome.version, outcome.status) == (2, "refused")
    assert house.table("reduction", night=2).municipality.values["task"] == 400


def test_the_same_figures_in_another_file_supersede_nothing(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 400}), content=b"one")
    (outcome,) = house.submit(house.filing("reduction", XI, {"task": 400}), content=b"2", night=2)
    assert (outcome.version, outcome.status) == (2, "unchanged")
    with house.engine.connect() as connection:
        rows = connection.execute(select(filings.c.version, filings.c.accepted_to)).all()
    assert [(row.version, row.accepted_to) for row in rows] == [(1, None), (2, None)]


def test_a_later_filing_ends_the_earlier_one_at_the_moment_it_begins(house: House) -> None:
    for number in (1, 2):
        house.submit(house.filing("reduction", XI, {"task": number}), night=number)
    with house.engine.connect() as connection:
        rows = connection.execute(
            select(filings.c.accepted_from, filings.c.accepted_to).order_by(filings.c.version)
        ).all()
    assert [tuple(row) for row in rows] == [
        (house.night(1), house.night(2)),
        (house.night(2), None),
    ]


def test_of_two_different_returns_in_one_night_the_later_counts_with_a_warning(
    house: House,
) -> None:
    house.submit(house.filing("reduction", XI, {"task": 1}), name="one.xlsx")
    house.submit(house.filing("reduction", XI, {"task": 2}), name="two.xlsx")
    assert house.table("reduction").municipality.values["task"] == 2
    (filed,) = house.told()
    assert filed.finding.code == "submission-conflict"
    assert filed.finding.severity is Severity.WARNING
    assert filed.finding.county == XI
    assert filed.finding.parameters["first"] == "one.xlsx"
    assert filed.finding.parameters["file"] == "two.xlsx"
    (cell,) = filed.finding.cells
    assert messages.fact(filed.finding, "zh").endswith(
        f"采用了后一份；“本年任务”{cell.address}前一份是1、后一份是2。"
    )


def test_two_equal_returns_in_one_night_are_no_conflict(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 1}), name="one.xlsx")
    house.submit(house.filing("reduction", XI, {"task": 1}), name="two.xlsx")
    assert house.told() == []


@pytest.mark.parametrize("recorded_first", [True, False])
def test_the_same_bytes_under_another_name_are_noticed_once(
    house: House, *, recorded_first: bool
) -> None:
    again = Received("again.xlsx", b"same", "folder")
    if not recorded_first:
        with house.engine.begin() as connection:
            keep(connection, Received("first.xlsx", b"same", "folder"), house.night(1))
            keep(connection, again, house.night(1))
    filing = house.filing("reduction", XI, {"task": 1})
    house.submit(filing, name="first.xlsx", content=b"same")
    for number in (2, 3):
        with house.engine.begin() as connection:
            keep(connection, again, house.night(number))
    (filed,) = house.told(night=3)
    assert filed.finding.code == "submission-repeated"
    assert filed.finding.parameters == {"file": "again.xlsx", "first": "first.xlsx"}
    assert (filed.finding.county, filed.finding.period) == (XI, "2015")
    with house.engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(submissions)) == 1
        assert connection.scalar(select(func.count()).select_from(receipts)) == 2


@pytest.mark.parametrize("name", ["old again.xlsx", "old.xlsx"])
def test_an_old_file_sent_again_is_told_to_have_been_replaced(house: House, name: str) -> None:
    house.submit(house.filing("reduction", XI, {"task": 1}), name="old.xlsx", content=b"1")
    corrected = house.filing("reduction", XI, {"task": 2})
    # Where the name is the same, the correction took the old file's place in the folder.
    later = "new.xlsx" if name != "old.xlsx" else "old.xlsx"
    house.submit(corrected, night=2, name=later, content=b"2")
    for number in (3, 4):
        with house.engine.begin() as connection:
            keep(connection, Received(name, b"1", "folder"), house.night(number))
    (filed,) = house.told(night=4)
    assert filed.finding.code == "submission-superseded"
    assert filed.finding.parameters == {"file": name, "first": "old.xlsx", "later": later}
    assert house.table("reduction", night=4).municipality.values["task"] == 2


def test_an_old_file_that_only_stays_in_the_folder_is_no_news(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 1}), name="old.xlsx", content=b"1")
    corrected = house.filing("reduction", XI, {"task": 2})
    house.submit(corrected, night=2, name="new.xlsx", content=b"2")
    with house.engine.begin() as connection:
        for name, content in (("old.xlsx", b"1"), ("new.xlsx", b"2")):
            keep(connection, Received(name, content, "folder"), house.night(3))
    assert house.told(night=3) == []


def test_what_was_said_of_a_repeated_file_goes_with_it(house: House) -> None:
    house.submit(house.filing("reduction", XI, {"task": 1}), name="old.xlsx", content=b"1")
    with house.engine.begin() as connection:
        keep(connection, Received("again.xlsx", b"1", "folder"), house.night(2))
    assert [filed.finding.code for filed in house.told(night=2)] == ["submission-repeated"]
    corrected = house.filing("reduction", XI, {"task": 2})
    house.submit(corrected, night=3, name="new.xlsx", content=b"2")
    assert house.told(night=3) == []


def test_a_finding_of_a_whole_file_refuses_none_of_its_filings(house: House) -> None:
    missing = Finding(code="sheet-missing", severity=Severity.ERROR)
    (outcome,) = house.submit(house.filing("reduction", XI, {"task": 1}), findings=[missing])
    assert outcome.status == "accepted"
    with house.engine.connect() as connection:
        row = connection.execute(select(findings)).one()
    assert (row.filing_id, row.county_code, row.period) == (None, XI, "2015")


def test_a_number_too_large_to_keep_is_a_finding_and_no_crash(house: House) -> None:
    filing = house.filing("reduction", XI, {"task": 10**12})
    (outcome,) = house.submit(filing)
    assert outcome.status == "refused"
    (filed,) = house.told()
    assert filed.finding.code == "value-too-large"
    assert [str(cell) for cell in filed.finding.cells] == [f"{filing.sheet}!C5"]


def test_a_key_too_long_for_an_index_is_a_finding_and_no_crash(house: House) -> None:
    filing = house.filing("pv", XI, {"station_no": "长" * 201})
    (outcome,) = house.submit(filing)
    assert outcome.status == "refused"
    (filed,) = house.told()
    assert (filed.finding.code, filed.finding.observed) == ("value-too-long", "201")
    (kept,) = house.submit(
        house.filing("pv", XI, {"station_no": "".join(chr(0x4E00 + 97 * n) for n in range(200))})
    )
    assert kept.status == "accepted"


def test_a_file_for_a_period_that_is_not_in_the_calendar_is_recorded(house: House) -> None:
    not_open = Finding(code="period-not-open", severity=Severity.ERROR)
    assert house.submit(county=XI, period="1999", findings=[not_open]) == ()
    with house.engine.connect() as connection:
        assert connection.scalar(select(submissions.c.period)) is None
