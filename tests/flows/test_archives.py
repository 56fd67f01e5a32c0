"""Several returns in one archive: each is kept, read and accepted as if it had come by itself."""

import sqlite3
from contextlib import closing
from pathlib import Path
from zipfile import ZipFile

import pytest

from flows import process
from flows.house import House, open_house
from flows.inbox import collect
from schemas import messages
from schemas.consolidated.figures import Accepted
from tests.flows.given import site_with

COUNTIES = ("141031-隰县", "141034-汾西县")


@pytest.fixture
def house(tmp_path: Path, few_forms: Path) -> House:
    return open_house(str(site_with(tmp_path / "site", few_forms)))


def send(house: House, returns: Path, archive: str, note: str = "") -> None:
    """Put the returns of two counties into the inbox as one archive, with a note or without."""
    with ZipFile(house.site.inbox / archive, "w") as made:
        for county in COUNTIES:
            name = f"{county}-2003H1.xlsx"
            made.write(returns / "2003H1" / name, f"报表/{name}")
        if note:
            made.writestr("说明.txt", note)


def night(house: House) -> dict[str, int]:
    """Keep, read, check and accept what is in the inbox; how many filings have which status."""
    at = house.moment()
    process.keep(house, collect(house).received, at)
    files = [process.read(house.scheme, item, at) for item in process.waiting(house)]
    outcomes = process.accept(house, process.check(house.scheme, files, Accepted()), at)
    statuses = [outcome.status for outcome in outcomes]
    return {status: statuses.count(status) for status in statuses}


def rows(house: House, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(house.site.folder / "warehouse.db")) as connection:
        return connection.execute(query).fetchall()


def test_every_workbook_in_an_archive_is_accepted_and_traced_to_it(
    house: House, few_returns: Path
) -> None:
    send(house, few_returns, "两县.zip")
    assert night(house).keys() == {"accepted"}
    inner = [f"两县.zip/报表/{county}-2003H1.xlsx" for county in COUNTIES]
    named = rows(house, "SELECT name, county_code, recorded_at IS NOT NULL FROM submissions")
    assert set(named) == {
        ("两县.zip", None, 1),
        (inner[0], "141031", 1),
        (inner[1], "141034", 1),
    }
    (told,) = rows(house, "SELECT code, severity FROM findings WHERE code LIKE 'file-%'")
    assert told == ("file-archive", "notice")
    assert messages.severity("file-archive").value == "notice"


def test_an_archive_that_comes_again_is_recognised(house: House, few_returns: Path) -> None:
    send(house, few_returns, "两县.zip")
    night(house)
    before = rows(house, "SELECT count(*) FROM submissions")
    assert night(house) == {}
    (house.site.inbox / "两县.zip").rename(house.site.inbox / "再报.zip")
    assert night(house) == {}
    assert rows(house, "SELECT count(*) FROM submissions") == before
    repeated = rows(house, "SELECT count(*) FROM findings WHERE code = 'submission-repeated'")
    assert repeated == [(1,)]


def test_an_archive_with_the_same_workbooks_and_another_note_brings_no_new_filings(
    house: House, few_returns: Path
) -> None:
    send(house, few_returns, "两县.zip")
    night(house)
    filings = rows(house, "SELECT count(*) FROM filings")
    send(house, few_returns, "两县.zip", note="请查收")
    assert night(house) == {}
    assert rows(house, "SELECT count(*) FROM filings") == filings
    refused = rows(house, "SELECT code FROM findings WHERE code = 'file-not-workbook'")
    assert refused == [("file-not-workbook",)]


def test_what_is_unpacked_stands_right_behind_its_archive(house: House, few_returns: Path) -> None:
    send(house, few_returns, "一.zip")
    (house.site.inbox / "二.csv").write_text("a,b\n1,2\n")
    at = house.moment()
    process.keep(house, collect(house).received, at)
    order = [item.name for item in process.waiting(house)]
    assert [order[0], order[-1]] == ["一.zip", "二.csv"]
    assert len(order) == 4
