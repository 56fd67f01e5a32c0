"""The nightly flow: collect → keep → read → check → accept → consolidate → publish → tell."""

from collections.abc import Sequence
from typing import TypeVar

from prefect import flow, get_run_logger, unmapped
from prefect.artifacts import create_markdown_artifact
from prefect.client.schemas.objects import State
from prefect.futures import PrefectFuture, wait
from prefect.schedules import Cron

from flows import tasks
from flows.house import open_house
from flows.process import by_county, moment
from flows.report import NightReport, markdown

R = TypeVar("R")


@flow(name="nightly")
def nightly(site: str) -> NightReport:
    """Run the night of one site; `site` is its folder. Safe to run again at any time.

    A file or county that huizong itself fails on does not hold back the others: it is reported as
    a failure and taken up again by the next night.
    """
    log = get_run_logger()
    house = open_house(site)
    at = moment(house)
    failures: list[str] = []

    received = tasks.collect(site)
    new = tasks.keep(site, received, at)
    files = tasks.waiting(site)
    log.info("collected %d files, %d new; %d to read", len(received), new, len(files))

    reading = tasks.read.map(unmapped(site), files, unmapped(at))
    readings = _results(reading, [file.name for file in files], failures)
    checked = tasks.check(site, readings) if readings else []
    log.info("read and checked %d files", len(checked))

    counties = by_county(checked)
    accepting = tasks.accept.map(unmapped(site), counties, unmapped(at))
    names = [file.file.name for county in counties for file in county[:1]]
    accepted = _results(accepting, names, failures)
    outcomes = tuple(outcome for county in accepted for outcome in county)

    periods = tasks.to_publish(site)
    consolidating = tasks.consolidate.map(unmapped(site), periods, unmapped(at))
    contents = _results(consolidating, periods, failures)
    publishing = tasks.publish.map(unmapped(site), contents)
    published = tuple(_results(publishing, [c.period.id for c in contents], failures))

    report = NightReport(len(received), new, len(checked), outcomes, published, tuple(failures))
    create_markdown_artifact(
        key="night", markdown=markdown(report, house.language), description="What the night did"
    )
    return report


def serve_nightly(site: str, cron: str, timezone: str) -> None:
    """Run the night of a site by a cron schedule, one run at a time, until interrupted.

    Needs a Prefect server: PREFECT_API_URL says where.
    """
    nightly.serve(
        name="nightly",
        parameters={"site": site},
        schedule=Cron(cron, timezone=timezone),
        global_limit=1,
        print_starting_message=False,
    )


def _results(
    futures: Sequence[PrefectFuture[R]], names: Sequence[str], failures: list[str]
) -> list[R]:
    """The results of mapped tasks; what failed is noted by name and does not stop the others."""
    wait(list(futures))
    results: list[R] = []
    for future, name in zip(futures, names, strict=True):
        state: State[R] = future.state
        if state.is_completed():
            results.append(future.result())
        else:
            failures.append(f"{name}: {state.message}")
    return results
