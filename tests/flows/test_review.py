"""What a steward decides from the command line, and what a publication shows of it."""

import re

import pytest
from typer.testing import CliRunner, Result

from flows.cli import app
from flows.desk.review import decide
from schemas.errors import SettingsError, WarehouseError
from tests.flows.nights import NORTHSHORE, Desk
from tests.flows.published import published
from warehouse.judging.reviews import Action


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Northshore has -5 pupils in one school, which is refused."""
    desk = Desk(tmp_path_factory.mktemp("review") / "site")
    desk.report("2014", pupils=40)
    desk.night()
    desk.report("2014", pupils=-5)
    desk.night()
    return desk


def run(desk: Desk, *arguments: str) -> Result:
    site = ("--site", str(desk.house.site.folder))
    result = CliRunner().invoke(app, ["review", *arguments, *site], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    return result


def pupils(desk: Desk) -> str:
    """What the latest publication has, of all schools: the others have 30 each."""
    return published(desk.house.site.folder, "2014", "school")[NORTHSHORE]["pupils"]


def school(desk: Desk, standing: str) -> str:
    """The number of the filing of the schools that stands so."""
    shown = run(desk, "list", "--period", "2014", "--county", "Northshore", "--all").stdout
    found = re.findall(
        rf"^filing (\d+)  Northshore 2014 S1 v\d+  {standing}  ", shown, re.MULTILINE
    )
    (number,) = found
    return str(number)


def test_a_steward_lets_in_returns_and_withdraws(desk: Desk) -> None:
    before = pupils(desk)
    accepted, refused = school(desk, "accepted"), school(desk, "refused")
    assert refused in run(desk, "list").stdout

    told = run(desk, "accept", refused, "--why", "checked on the spot", "--by", "Wang Min").stdout
    assert "the next night publishes it" in told
    desk.night()
    assert int(pupils(desk)) == int(before) - 45
    history = run(desk, "list").stdout
    assert "Wang Min: accepted (checked on the spot)" in history
    assert desk.row_of("2014", "S1.pupils.minimum")["State"] == "accepted"
    with pytest.raises(WarehouseError, match="counts already"):
        decide(desk.house.site.folder, int(refused), Action.ACCEPTED, "again", "Wang Min")

    run(desk, "return", refused, "--why", "it was the wrong school", "--by", "Li Na")
    desk.night()
    assert pupils(desk) == before
    assert "it was the wrong school" in str(desk.row_of("2014", "Returned")["What is wrong"])

    run(desk, "withdraw", accepted, "--why", "sent by mistake", "--by", "Li Na")
    desk.night()
    assert pupils(desk) == ""


def test_nobody_named_and_nothing_closed_are_said(desk: Desk) -> None:
    site = str(desk.house.site.folder)
    reminded = CliRunner().invoke(app, ["remind", "--site", site])
    assert reminded.exit_code == 0
    assert reminded.stdout.endswith("huizong.toml: no [[tell]] names whom to tell\n")
    closed = CliRunner().invoke(app, ["period", "list", "--site", site])
    assert (closed.exit_code, closed.stdout) == (0, "no period was closed or reopened\n")


def test_a_decision_needs_a_name_and_a_reason(desk: Desk) -> None:
    with pytest.raises(SettingsError, match="--why"):
        decide(desk.house.site.folder, 1, Action.RETURNED, " ", "Li Na")
