from datetime import timedelta
from pathlib import Path

from flows import handouts
from flows.failures import LONGEST_HOURS
from flows.nightly import nightly
from schemas.models import Scheme
from schemas.scheme import CATALOG
from tests.facts import compare, published_tables
from tests.flows.given import site_with
from tests.flows.published import snapshot

MUNICIPALITY = "141000"


def test_one_night_publishes_the_printed_figures_and_the_next_has_nothing_to_do(
    tmp_path: Path, scheme: Scheme, prefect_server: str
) -> None:
    site = site_with(tmp_path / "site", CATALOG / "linfen")
    handouts.sample(site, None, faults=False)
    report = nightly(str(site))
    assert (report.received, report.new, report.read) == (37, 37, 37)
    assert set(report.statuses) == {"accepted"}
    tables = published_tables(site / "published")
    assert [found for found in compare(scheme, tables) if not found.agrees] == []
    survey = tables["2003H1", "relocation_survey"][MUNICIPALITY]
    measures = ("villages", "households", "persons")
    assert [survey[measure] for measure in measures] == [1581, 19452, 85120]

    moving = {
        code
        for code, row in tables["2003H1", "relocation_progress"].items()
        if (row["plan_persons"] or 0) > 0
    }
    assert moving == {MUNICIPALITY, "141031", "141034"}
    plan = tables["2016", "plan_targets"]
    assert sum(row["lifted_target"] or 0 for row in plan.values()) == 2 * 60_000

    before = snapshot(site / "published"), (site / "warehouse.db").stat().st_mtime_ns
    again = nightly(str(site))
    assert again.nothing_new
    assert (snapshot(site / "published"), (site / "warehouse.db").stat().st_mtime_ns) == before


def test_a_night_has_as_long_on_a_server_of_prefect_as_it_has_with_systemd() -> None:
    unit = CATALOG.parents[1] / "deploy" / "systemd" / "huizong-nightly@.service"
    assert f"\nTimeoutStartSec={LONGEST_HOURS}h\n" in unit.read_text(encoding="utf-8")
    assert nightly.timeout_seconds == timedelta(hours=LONGEST_HOURS).total_seconds()
