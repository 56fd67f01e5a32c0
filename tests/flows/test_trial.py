"""A rule on trial: stewards see what it finds, counties do not, and it stops nobody."""

import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from flows.cli import app
from flows.desk.trial import tried
from schemas.errors import SchemeError
from schemas.findings import Severity
from tests.flows.given import site_with
from tests.flows.nights import HEADING_ROW, NORTHSHORE, SHEET, Desk
from tests.lakeside import LAKESIDE

RULE = "S1-teachers"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Northshore has 100 pupils to a teacher, and that this is too many is on trial."""
    folder = tmp_path_factory.mktemp("trial")
    scheme = shutil.copytree(LAKESIDE, folder / "lakeside")
    form = scheme / "forms" / "school.yaml"
    text = form.read_text(encoding="utf-8")
    form.write_text(text.replace("severity: warning", "trial: true"), encoding="utf-8")
    desk = Desk(folder / "site", Path(scheme))
    desk.report("2014", pupils=100)
    desk.night()
    return desk


def test_it_stands_in_the_list_of_the_municipality_only(desk: Desk) -> None:
    assert not [row for row in desk.rows("2014") if RULE in str(row["Rule"])]
    assert desk.provisional("2014") == 0
    path = desk.house.site.published / "2014" / "latest" / "discrepancies.xlsx"
    heading, *lines = load_workbook(path)[SHEET].iter_rows(min_row=HEADING_ROW, values_only=True)
    rows = [dict(zip(heading, line, strict=True)) for line in lines]
    (told,) = [row for row in rows if row["Rule"] == f"A teacher has at most 60 pupils ({RULE})"]
    assert (told["Severity"], told["Days since"]) == ("on trial", 0)
    (filed,) = [f for f in desk.findings("2014", "rule-failed") if f.finding.rule == RULE]
    assert filed.finding.severity is Severity.NOTICE
    published = path.with_name("data") / "findings.csv"
    assert RULE not in published.read_text(encoding="utf-8-sig")


def test_its_effect_on_past_returns_is_shown_before_it_goes_live(desk: Desk) -> None:
    _, rule, (of_2014,) = tried(desk.house.site.folder, RULE, None)
    assert rule.trial
    assert (of_2014.period, of_2014.returns, of_2014.failing) == ("2014", 1, (NORTHSHORE,))
    assert (of_2014.failed, of_2014.undetermined) == (1, 0)
    shown = CliRunner().invoke(
        app, ["scheme", "try", RULE, "--site", str(desk.house.site.folder)], env={"COLUMNS": "160"}
    )
    assert "Northshore" in shown.stdout
    with pytest.raises(SchemeError, match="no rule 'S1-none'"):
        tried(desk.house.site.folder, "S1-none", None)


def test_a_rule_about_persons_is_not_tried_on_what_is_kept_of_them(
    first_forms: Path, tmp_path: Path
) -> None:
    scheme = shutil.copytree(first_forms, tmp_path / "linfen")
    form = scheme / "forms" / "hh_register.yaml"
    text = form.read_text(encoding="utf-8")
    rule = "{id: R14-phone, check: present(phone), label: {zh: 有电话, en: There is a telephone}}"
    assert "\nrules:\n" in text
    form.write_text(text.replace("\nrules:\n", f"\nrules:\n  - {rule}\n"), encoding="utf-8")
    site = site_with(tmp_path / "site", Path(scheme))
    with pytest.raises(SchemeError, match="R14-phone asks for what is personal"):
        tried(site, "R14-phone", None)
