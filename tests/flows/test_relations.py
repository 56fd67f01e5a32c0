"""Rules between forms on the way a return takes: read, compared, refused, corrected, accepted."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from flows import process
from flows.desk import desk
from flows.house import House, open_house
from flows.process import CheckedFile, ReadFile
from schemas.filing import Received, records
from schemas.findings import Finding
from schemas.period import Period
from schemas.template.template import write_workbook
from tests.flows.given import site_with

AT = datetime(2026, 1, 1, tzinfo=UTC)
PERIOD = "2015"


@pytest.fixture(scope="module")
def returned(clean_returns: Path) -> Path:
    (path,) = (clean_returns / PERIOD).glob("*隰县*")
    return path


@pytest.fixture
def house(tmp_path: Path, first_forms: Path) -> House:
    return open_house(str(site_with(tmp_path / "site", first_forms)))


def read(house: House, path: Path) -> ReadFile:
    received = Received(path.name, path.read_bytes(), "folder")
    process.keep(house, [received], AT)
    return process.read(house.scheme, received, AT)


def check(house: House, file: ReadFile) -> CheckedFile:
    (checked,) = process.check(house.scheme, [file], process.accepted(house, [file]))
    return checked


def between(checked: CheckedFile) -> list[Finding]:
    found = (finding for of in checked.checked for finding in of.findings)
    return [finding for finding in found if finding.code == "relation-failed"]


def without_a_member(house: House, path: Path, target: Path) -> Path:
    """The same return with the last line of the list of members left out."""
    reading = read(house, path).reading
    then = house.scheme.at(Period.parse(PERIOD))
    lines = {f.form: records(f.frame, then.form(f.form)) for f in reading.filings}
    lines["hh_member"] = lines["hh_member"][:-1]
    assert reading.county is not None
    county = house.scheme.county(reading.county)
    target.write_bytes(write_workbook(house.scheme, county, Period.parse(PERIOD), lines))
    return target


def test_a_return_whose_forms_differ_is_refused_until_it_is_corrected(
    house: House, returned: Path, tmp_path: Path
) -> None:
    wrong = check(house, read(house, without_a_member(house, returned, tmp_path / "漏报.xlsx")))
    (found,) = between(wrong)  # of the one household; that of the county says no more
    assert (found.rule, found.form, found.difference) == ("R15-size", "hh_member", Decimal(-1))
    outcomes = {o.form: o.status for o in process.accept(house, [wrong], AT)}
    assert outcomes.pop("hh_member") == "refused"
    assert set(outcomes.values()) == {"accepted"}

    right = check(house, read(house, returned))
    assert between(right) == []
    outcomes = {o.form: o.status for o in process.accept(house, [right], AT)}
    assert outcomes.pop("hh_member") == "accepted"
    assert set(outcomes.values()) == {"unchanged"}


def test_a_form_sent_alone_is_compared_with_what_is_accepted(
    house: House, returned: Path, tmp_path: Path
) -> None:
    process.accept(house, [check(house, read(house, returned))], AT)
    wrong = read(house, without_a_member(house, returned, tmp_path / "漏报.xlsx"))
    alone = tuple(filing for filing in wrong.reading.filings if filing.form == "hh_member")
    (found,) = between(check(house, replace(wrong, reading=replace(wrong.reading, filings=alone))))
    assert (found.rule, found.difference) == ("R15-size", Decimal(-1))
    assert {cell.sheet for cell in found.cells} == {alone[0].sheet}


def test_the_desk_compares_the_forms_of_a_workbook(
    house: House, returned: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = without_a_member(house, returned, tmp_path / "漏报.xlsx")
    assert desk.check_files(house.site.folder, [returned])
    assert not desk.check_files(house.site.folder, [wrong])
    assert "家庭成员行数等于各户家庭人口之和" in capsys.readouterr().out
