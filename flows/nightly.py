"""The nightly flow: collect, keep, read, check, accept, judge again, consolidate, publish, tell."""

import asyncio
import signal
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar, cast

from prefect import Task, flow, get_run_logger, unmapped
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.futures import PrefectFuture
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.utilities.annotations import quote

from flows import tasks
from flows.checking.shared import Whole
from flows.configuration.workers import task_runner, threads
from flows.console import is_of_surroundings
from flows.failures import OF_A_RUN, results
from flows.house import House, open_house
from flows.lock import alone, to_the_end
from flows.process import CheckedFile, by_county
from flows.publication import Published
from flows.telling import metrics, telling
from flows.telling.owing import counts_missing
from flows.telling.report import NightReport, markdown
from flows.telling.returns import returns
from flows.telling.telling import Telling
from schemas.filing import Received
from warehouse.judging.judgements import Judgement
from warehouse.loading.load import FilingOutcome
from warehouse.upkeep.turns import turn

R = TypeVar("R")


@flow(name="nightly", task_runner=threads(), **OF_A_RUN)
def nightly(site: str) -> NightReport:
    """Run the night of one site; `site` is its folder. Safe to run again at any time.

    A file or county that huizong itself fails on does not hold back the others: it is reported as
    a failure and taken up again by the next night. Raises HuizongError when another night of the
    site is running, or when its settings, scheme or warehouse do not allow a night.
    """
    house = open_house(site)
    folder = house.site.folder
    with alone(folder), turn(house.engine), to_the_end(folder) as cut_off:
        return _night(house, site, after_cut_off=cut_off)


def _night(house: House, site: str, *, after_cut_off: bool) -> NightReport:
    log = get_run_logger()
    began = time.monotonic()
    at = house.moment()
    failures: list[str] = []

    came = _collected(house, site, at, failures)
    read = 0
    outcomes: tuple[FilingOutcome, ...] = ()
    moments: list[datetime] = []
    if (unfinished := tasks.cut_off(site)) is not None:
        moments.append(unfinished.at)
        log.info("a night was cut off while it recorded; %d of its files", len(unfinished.files))
        read, outcomes = _recorded(house, site, unfinished.files, unfinished.at, failures)
    files = tasks.waiting(site)
    at = house.moment()  # an upload may have been kept meanwhile, and is read after it was kept
    moments.append(at)
    log.info("collected %d files, %d new; %d to read", came.received, came.new, len(files))
    more, others = _recorded(house, site, files, at, failures)
    read, outcomes = read + more, outcomes + others
    log.info("read and checked %d files", read)
    judged = _judged(site, at, failures)
    published = _published(site, at, failures)
    report = NightReport(
        received=came.received,
        new=came.new,
        read=read,
        outcomes=outcomes,
        judged=judged,
        published=published,
        left=came.left,
        failures=tuple(failures),
        seconds=time.monotonic() - began,
        after_cut_off=after_cut_off,
    )
    report = _told(house, site, report, at)
    metrics.write(house.site.folder, report, counts_missing(house, at), house.moment())
    _show(house, report, moments)
    return report


@dataclass(frozen=True)
class _Came:
    """How many files came by all channels, how many of them are new, and what was left there."""

    received: int
    new: int
    left: tuple[str, ...]


def _collected(house: House, site: str, at: datetime, failures: list[str]) -> _Came:
    """Collect and keep what came, the inbox first."""
    inbox = tasks.collect(site)
    new = tasks.keep(site, _whole(inbox.received), at)
    ways = house.site.settings.channels
    taking = tasks.take_in.map(unmapped(site), quote(ways), unmapped(at))
    taken = results(taking, [f"channel {way.name}" for way in ways], failures)
    left = (
        *(f"inbox: {what}" for what in inbox.left),
        *(f"{each.channel}: {what}" for each in taken for what in each.left),
    )
    received = len(inbox.received) + sum(each.received for each in taken)
    return _Came(received, new + sum(each.new for each in taken), left)


def _recorded(
    house: House, site: str, files: Sequence[Received], at: datetime, failures: list[str]
) -> tuple[int, tuple[FilingOutcome, ...]]:
    """Read, check and record files together; how many were read, and what became of filings."""
    checked = _checked(house, site, files, at, failures)
    counties = by_county(checked)
    names = [_whose(house, county) for county in counties]
    accepting = tasks.accept.map(unmapped(site), names, quote(counties), unmapped(at))
    accepted = results(accepting, names, failures)
    _require_surroundings(accepting)
    return len(checked), tuple(outcome for county in accepted for outcome in county)


def _whose(house: House, files: Sequence[CheckedFile]) -> str:
    """What files of one county are called: by it or, where nobody knows it, by the first."""
    first = files[0].file
    code = first.reading.county
    return first.name if code is None else house.scheme.county(code).name.in_(house.language)


def _checked(
    house: House, site: str, files: Sequence[Received], at: datetime, failures: list[str]
) -> list[CheckedFile]:
    """Read and check files, by the workers of the site; what could not be read is noted."""
    scheme = house.scheme.fingerprint
    read: Task[..., Any] = tasks.read
    with task_runner(house.site.settings.workers) as runner:
        reading = runner.map(
            read,
            {
                "site": unmapped(site),
                "scheme": unmapped(scheme),
                "received": files,
                "at": unmapped(at),
            },
        )
        readings = results(reading, [file.name for file in files], failures)
        if not readings:
            return []
        checking = runner.submit(
            tasks.check, {"site": site, "scheme": scheme, "files": Whole(readings)}
        )
        checking.wait()
        checked: list[CheckedFile] = checking.result()
        return checked


def _judged(site: str, at: datetime, failures: list[str]) -> tuple[Judgement, ...]:
    """Judge again what was accepted before and is compared with what changed."""
    judging = [tasks.judge.submit(site, at)]
    found = results(judging, ["judging again"], failures)
    _require_surroundings(judging)
    return tuple(judgement for judgements in found for judgement in judgements)


def _published(site: str, at: datetime, failures: list[str]) -> tuple[Published, ...]:
    """Consolidate and publish the periods of which something changed, as the calendar has them."""
    periods = tasks.to_publish(site)[::-1]  # after an outage the newest is out first
    consolidating = tasks.consolidate.map(unmapped(site), periods, unmapped(at))
    contents = results(consolidating, periods, failures)
    publishing = tasks.publish.map(unmapped(site), quote(contents))
    return tuple(results(publishing, [c.period.id for c in contents], failures)[::-1])


def _require_surroundings(recording: Sequence[PrefectFuture[Any]]) -> None:
    """Stop where the database or the disk gave way: all is recorded before anything is published.

    The next night records the rest, as of the same moment.
    """
    for future in recording:
        error = future.state.result(raise_on_failure=False)
        if isinstance(error, BaseException) and is_of_surroundings(error):
            raise error


def _told(house: House, site: str, report: NightReport, at: datetime) -> NightReport:
    """Tell people what the night did, the stewards last; the report, with who could not be told."""
    report = _carried(site, report, list(telling.of_returns(house, at)))
    return _carried(site, report, list(telling.of_night(house, report, at)))


def _carried(site: str, report: NightReport, tellings: Sequence[Telling]) -> NightReport:
    failures = list(report.failures)
    names = [f"telling {each.notice.recipient}" for each in tellings]
    results(tasks.tell.map(unmapped(site), quote(tellings)), names, failures)
    return replace(report, failures=tuple(failures))


def _show(house: House, report: NightReport, moments: Sequence[datetime]) -> None:
    """Put onto the page of the run what the night did, and what became of each return."""
    create_markdown_artifact(
        key="night", markdown=markdown(report), description="What the night did"
    )
    if table := returns(house, moments):
        create_table_artifact(
            key="returns", table=table, description="What came of each county, form by form"
        )


class _Runner(Runner):
    """Prefect's runner, stopped by SIGTERM as by Ctrl-C: in order, and without a warning."""

    def handle_sigterm(self, *_args: Any, **_kwargs: Any) -> None:
        signal.raise_signal(signal.SIGINT)


def deploy(site: str, cron: str, timezone: str) -> Runner:
    """Put the night of a site on the schedule of Prefect's server; what will run it.

    PREFECT_API_URL says where the server is. The schedule outlives the runner: nights that were
    due while nothing ran are made up for by one, and those due while one runs are left out.
    """
    runner = _Runner(name="nightly", pause_on_shutdown=False)
    runner.add_flow(
        nightly,
        name="nightly",
        parameters={"site": site},
        schedule=Cron(cron, timezone=timezone),
        concurrency_limit=ConcurrencyLimitConfig(
            limit=1, collision_strategy=ConcurrencyLimitStrategy.CANCEL_NEW
        ),
    )
    return runner


def run_until_stopped(runner: Runner) -> None:
    """Run what is due, one night at a time, until Ctrl-C or SIGTERM."""
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored
    with suppress(KeyboardInterrupt):
        asyncio.run(runner.start())


def _whole(value: R) -> R:
    """A large value for a task, which Prefect does not search for futures to wait for."""
    return cast(R, quote(value))
