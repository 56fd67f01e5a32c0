"""The steps of the night as Prefect tasks: thin, over the plain functions of `process`.

Tasks take the site folder and plain values, so that a task can run on another worker. Only the
steps that touch the outside world (channels, database, published folder) are tried again. On the
page of a run each is called by what it does, and for which file, county, period or contact.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

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

P = ParamSpec("P")
R = TypeVar("R")


def _may_pass(_task: Task[..., Any], _run: TaskRun, state: State[Any]) -> bool:
    """Whether trying again can help: not for what somebody has to put right, nor for a bug."""
    error = state.result(raise_on_failure=False)
    wrong = (HuizongError, FileExistsError, NotADirectoryError)
    return isinstance(error, OUTSIDE_ERRORS) and not (isinstance(error, wrong) or is_full(error))


def _step(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    return task(cache_policy=NO_CACHE, task_run_name=name)


def _outside_step(name: str) -> Callable[[Callable[P, R]], Task[P, R]]:
    return task(
        cache_policy=NO_CACHE,
        task_run_name=name,
        retries=3,
        retry_delay_seconds=[1.0, 5.0, 25.0],
        retry_condition_fn=_may_pass,
    )


@_outside_step("collect from the inbox")
def collect(site: str) -> inbox.Collected:
    """What has arrived in the inbox."""
    return inbox.collect(open_house(site))


@_outside_step("take in from {way.name}")
def take_in(site: str, way: AnyWay, at: datetime) -> Taken:
    """Take in what stands in one of the further channels."""
    return arrivals.take_in(open_house(site), way, at)


@_outside_step("keep what came")
def keep(site: str, received: Sequence[Received], at: datetime) -> int:
    """Keep the bytes; how many files were new."""
    return process.keep(open_house(site), received, at)


@_outside_step("find what is to be read")
def waiting(site: str) -> list[Received]:
    """What is kept and not read yet."""
    return process.waiting(open_house(site))


@_outside_step("look for a night that was cut off")
def cut_off(site: str) -> Unfinished | None:
    """The last night, if it was cut off while it recorded its files."""
    return process.cut_off(open_house(site))


@_step("read {received.name}")
def read(site: str, scheme: str, received: Received, at: datetime) -> ReadFile:
    """Identify and read one file by the scheme of the night, which is known by its fingerprint."""
    return process.read(open_house(site, scheme).scheme, received, at)


@_outside_step("check all files")
def check(site: str, scheme: str, files: Whole[Sequence[ReadFile]]) -> list[CheckedFile]:
    """Check all files together, one batch per form."""
    house = open_house(site, scheme)
    return process.check(house.scheme, files.value, process.accepted(house, files.value))


@_outside_step("accept {county}")
def accept(
    site: str, county: str, files: Sequence[CheckedFile], at: datetime
) -> list[FilingOutcome]:
    """Accept or refuse the filings of one county, which is called by its name."""
    return process.accept(open_house(site), files, at)


@_outside_step("judge again")
def judge(site: str, at: datetime) -> list[Judgement]:
    """Judge once more what is compared with what was accepted or withdrawn."""
    house = open_house(site)
    return judge_again(house.engine, house.scheme, at)


@_outside_step("find what is to be published")
def to_publish(site: str) -> list[str]:
    """The periods that need a new publication."""
    return process.to_publish(open_house(site))


@_outside_step("consolidate {period}")
def consolidate(site: str, period: str, at: datetime) -> PublicationContents:
    """Consolidate one period and reconcile it with its last publication."""
    return process.consolidate(open_house(site), period, at)


@_outside_step("publish {contents.period.id}")
def publish(site: str, contents: PublicationContents) -> Published:
    """Publish one period."""
    return process.publish(open_house(site), contents)


@_outside_step("tell {telling.notice.recipient}: {telling.message.subject}")
def tell(site: str, telling: Telling) -> bool:
    """Tell one contact something; whether it was told now, and not before."""
    return tell_once(open_house(site), telling)
