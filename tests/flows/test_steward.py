"""All that a steward does at the desk, on PostgreSQL, as a member of the group and no more.

The night is run by the owner; the steward has a site folder with another database_url.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, make_url, text
from sqlalchemy.exc import DBAPIError
from typer.testing import CliRunner

from flows.cli import app
from flows.house import closing_houses
from schemas.errors import WarehouseError
from schemas.language.expression import Value
from schemas.models import Scheme
from schemas.period import Period
from schemas.sample import sample_lines
from schemas.scheme import load_scheme
from schemas.template.template import write_workbook
from tests.databases import create_database
from tests.flows.given import scheme_with
from tests.flows.nights import Desk
from warehouse.engine import open_engine
from warehouse.tables import explanations
from warehouse.upkeep.grants import STEWARD, grants

XI, YEAR = "141031", Period.parse("2015")
FORMS = frozenset({"hh_register", "hh_member", "education", "relocation_list"})
WHY = ("--why", "与县里核对过", "--by", "王敏")
FIRST, SECOND = "1", "2"  # filings


@dataclass
class Office:
    """The night's desk, the steward's site folder, and the database as the steward gets it."""

    night: Desk
    site: Path
    engine: Engine

    def run(self, *arguments: str) -> str:
        """What a verb of the steward's says; it has to end well."""
        result = CliRunner().invoke(app, [*arguments, "--site", str(self.site)])
        assert result.exit_code == 0, result.output
        return result.stdout

    def standing(self) -> dict[str, str]:
        """How each filing stands, by its number."""
        shown = self.run("review", "list", "--all")
        return dict(re.findall(r"^filing (\d+) .* v\d+ +(\w+) ", shown, re.MULTILINE))

    def asked(self, query: str) -> list[tuple[object, ...]]:
        """What only the owner sees."""
        with self.night.house.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]


@pytest.fixture(scope="module")
def office(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """隰县 has sent its register, and once more with fewer persons than none in a household."""
    folder = tmp_path_factory.mktemp("steward")
    scheme_folder = scheme_with(FORMS, folder / "linfen")
    scheme = load_scheme(scheme_folder)
    url = make_url(create_database(postgres_url, "steward"))
    with closing_houses():
        night = Desk(_site(folder / "site", scheme_folder, url.render_as_string()), scheme_folder)
        owner = night.house.engine
        with owner.begin() as connection:
            for statement in grants(scheme):
                connection.exec_driver_sql(statement.replace("%", "%%"))
            connection.exec_driver_sql(f"CREATE ROLE a_steward LOGIN IN ROLE {STEWARD}")
        households = sample_lines(scheme, scheme_folder, YEAR)[XI]["hh_register"][:3]
        night.send("first.xlsx", _register(scheme, households))
        night.night()
        wrong = {**households[0], "persons": Decimal(-1)}
        night.send("second.xlsx", _register(scheme, [wrong, *households[1:]]))
        night.night()
        as_steward = url.set(username="a_steward").render_as_string()
        site = _site(folder / "desk", scheme_folder, as_steward)
        shutil.copy(night.house.site.folder / "person.key", site)
        engine = open_engine(as_steward)
        yield Office(night, site, engine)
        engine.dispose()
        with owner.begin() as connection:
            connection.exec_driver_sql("DROP ROLE a_steward")
        owner.dispose()  # verbs of the same process close the houses that are open


def _site(folder: Path, scheme: Path, url: str) -> Path:
    folder.mkdir()
    settings = f'scheme = "{scheme}"\ndatabase_url = "{url}"\n'
    (folder / "huizong.toml").write_text(settings, encoding="utf-8")
    return folder


def _register(scheme: Scheme, households: list[dict[str, Value | None]]) -> bytes:
    forms = [scheme.at(YEAR).form("hh_register")]
    return write_workbook(scheme, scheme.county(XI), YEAR, {"hh_register": households}, forms=forms)


def test_a_refused_return_with_persons_in_it_is_let_in(office: Office) -> None:
    assert office.standing() == {FIRST: "accepted", SECOND: "refused"}
    office.run("review", "accept", SECOND, *WHY)
    assert office.standing() == {FIRST: "superseded", SECOND: "provisional"}
    for table in ("form_hh_register", "personal.personal_hh_register"):
        counted = f"SELECT filing_id, count(*) FROM {table} GROUP BY 1 ORDER BY 1"
        assert office.asked(counted) == [(1, 3), (2, 3)], table
    noted = "SELECT filing_id, line, read_by, why FROM personal_accesses"
    assert office.asked(noted) == [(2, 0, "王敏", "与县里核对过")]


def test_a_person_is_shown_and_that_is_written_down(office: Office) -> None:
    (row, name), *_ = office.asked(
        "SELECT l.row, p.head_name FROM form_hh_register l JOIN personal.personal_hh_register p "
        "USING (filing_id, line) WHERE filing_id = 1 AND line = 2"
    )
    assert str(name) in office.run("review", "person", FIRST, str(row), *WHY)
    noted = "SELECT filing_id, line, read_by, why FROM personal_accesses ORDER BY id DESC LIMIT 1"
    assert office.asked(noted) == [(1, 2, "王敏", "与县里核对过")]


def test_a_return_goes_back_or_away_and_an_explanation_is_rejected(office: Office) -> None:
    office.run("review", "return", SECOND, *WHY)
    assert office.standing() == {FIRST: "accepted", SECOND: "returned"}
    office.run("review", "withdraw", FIRST, *WHY)
    assert office.standing() == {FIRST: "withdrawn", SECOND: "returned"}
    with office.night.house.engine.begin() as connection:
        (sha256,), *_ = office.asked("SELECT sha256 FROM filings")
        about = {"rule": "R16-exit", "county_code": XI, "form": "hh_register", "period": "2015"}
        written = {"covers": {}, "text": "已核", "written_by": XI, "sha256": sha256, "cell": "L5"}
        connection.execute(
            insert(explanations).values(
                **about, **written, until=date(2016, 12, 31), recorded_at=office.night.at
            )
        )
    assert "rejected" in office.run("review", "reject", "1", *WHY)
    office.run("period", "close", "2015", *WHY)
    assert "王敏: closed" in office.run("period", "list")


NOT_HIS = [
    "SELECT content FROM submissions",
    "SELECT * FROM personal.personal_hh_register",
    "SELECT * FROM personal.pseudonym_hh_register",
    "INSERT INTO submissions (sha256) VALUES ('x')",
    "INSERT INTO filings (id) VALUES (9)",
    "INSERT INTO publications (period) VALUES ('2015')",
    "INSERT INTO published_figures (form) VALUES ('x')",
    "INSERT INTO personal_accesses (id) VALUES (9)",
    "UPDATE filings SET status = 'accepted'",
    "UPDATE form_hh_register SET persons = 1",
    "DELETE FROM personal.personal_hh_register",
    "DELETE FROM reviews",
    "SELECT open_file(1, '', '', now())",
    "SELECT open_line(1, 1, '王敏', '', now())",
    "CREATE TABLE mine (a int)",
    "CREATE OR REPLACE VIEW mart.counties AS SELECT 1",
    "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
]


@pytest.mark.parametrize("statement", NOT_HIS)
def test_a_steward_may_do_nothing_else(office: Office, statement: str) -> None:
    with (
        office.engine.connect() as connection,
        pytest.raises((DBAPIError, WarehouseError)) as refused,
    ):
        connection.exec_driver_sql(statement)
    told = str(refused.value)
    assert any(word in told for word in ("denied", "must be owner", "violates check")), told


def test_a_file_that_counts_has_no_door(office: Office) -> None:
    with office.engine.connect() as connection:
        door = "SELECT count(*) FROM open_file({}, '王敏', '看看', now())"
        assert connection.exec_driver_sql(door.format(FIRST)).scalar_one() == 0
        assert connection.exec_driver_sql(door.format(SECOND)).scalar_one() == 1
