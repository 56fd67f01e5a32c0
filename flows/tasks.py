"""The steps of the night as Prefect tasks: thin, over the plain functions of `process`.

Tasks take the site folder and plain values, so that a task can run on another worker. Only the
steps that touch the outside world (channels, database, published folder) are tried again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from prefect import Task, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun

from flows import arrivals, inbox, process
from flows.channels.arrival import Taken
from flows.checking.judging import judge_again
from flows.checking.shared import Whole
from flows.configuration.ways import AnyWay
from flows.console import OUTSIDE_ERRORS, is_full
from flows.house import open_house
from flows.process import CheckedFile, ReadFile
from flows.publication import Published
from flows.telling.telling import Telling
from flows.telling.telling import tell as tell_once
from schemas.errors import HuizongError
from schemas.filing import Received
from warehouse.consolidation.contents import PublicationContents
from warehouse.judging.judgements import Judgement
from warehouse.loading.load import FilingOutcome
from warehouse.upkeep.unfinished import Unfinished


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether trying again can help: not for what somebody has to put right, nor for a bug."""
    error = state.result(raise_on_failure=False)
    wrong = (HuizongError, FileExistsError, NotADirectoryError)
    return isinstance(error, OUTSIDE_ERRORS) and not (isinstance(error, wrong) or is_full(error))


_step = task(cache_policy=NO_CACHE)
_outside_step = task(
    cache_policy=NO_CACHE,
    retries=3,
    retry_delay_seconds=[1.0, 5.0, 25.0],
    retry_condition_fn=_may_pass,
)


@_outside_step
def collect(site: str) -> inbox.Collected:
    """What has arrived in the inbox."""
    return inbox.collect(open_house(site))


@_outside_step
def take_in(site: str, way: AnyWay, at: datetime) -> Taken:
    """Take in what stands in one of the further channels."""
    return arrivals.take_in(open_house(site), way, at)


@_outside_step
def keep(site: str, received: Sequence[Received], at: datetime) -> int:
    """Keep the bytes; how many files were new."""
    return process.keep(open_house(site), received, at)


@_outside_step
def waiting(site: str) -> list[Received]:
    """What is kept and not read yet."""
    return process.waiting(open_house(site))


@_outside_step
def cut_off(site: str) -> Unfinished | None:
    """The last night, if it was cut off while it recorded its files."""
    return process.cut_off(open_house(site))


@_step
def read(site: str, scheme: str, received: Received, at: datetime) -> ReadFile:
    """Identify and read one file by the scheme of the night, which is known by its fingerprint."""
    return process.read(open_house(site, scheme).scheme, received, at)


@_outside_step
def check(site: str, scheme: str, files: Whole[Sequence[ReadFile]]) -> list[CheckedFile]:
    """Check all files together, one batch per form."""
    house = open_house(site, scheme)
    return process.check(house.scheme, files.value, process.accepted(house, files.value))


@_outside_step
def accept(site: str, files: Sequence[CheckedFile], at: datetime) -> list[FilingOutcome]:
    """Accept or refuse the filings of one county."""
    return process.accept(open_house(site), files, at)


@_outside_step
def judge(site: str, at: datetime) -> list[Judgement]:
    """Judge once more what is compared with what was accepted or withdrawn."""
    house = open_house(site)
    return judge_again(house.engine, house.scheme, at)


@_outside_step
def to_publish(site: str) -> list[str]:
    """The periods that need a new publication."""
    return process.to_publish(open_house(site))


@_outside_step
def consolidate(site: str, period: str, at: datetime) -> PublicationContents:
    """Consolidate one period and reconcile it with its last publication."""
    return process.consolidate(open_house(site), period, at)


@_outside_step
def publish(site: str, contents: PublicationContents) -> Published:
    """Publish one period."""
    return process.publish(open_house(site), contents)


@_outside_step
def tell(site: str, telling: Telling) -> None:
    """Tell one contact something."""
    tell_once(open_house(site), telling)
