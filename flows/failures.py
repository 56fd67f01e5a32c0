"""What becomes of failures: of a task, which is noted by name; of a whole run, which is told of."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypedDict, TypeVar

from prefect import Flow
from prefect.client.schemas.objects import FlowRun, State
from prefect.flows import FlowStateHook
from prefect.futures import PrefectFuture, wait
from prefect.logging.loggers import flow_run_logger

from flows.console import OUTSIDE_ERRORS, reason

R = TypeVar("R")

LONGEST_HOURS = 8
"""A run that takes longer hangs, and is ended."""


def results(
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
            error = state.result(raise_on_failure=False)
            told = reason(error) if isinstance(error, BaseException) else state.message
            failures.append(f"{name}: {told}")
    return results


def sound_alarm(flow: Flow[..., Any], flow_run: FlowRun, state: State[Any]) -> None:
    """Tell the stewards of a run that did not come to its end, where Prefect's server started it.

    Prefect calls this once: in the process of the run or, where that was killed, beside what
    runs it. What is run by hand says so itself, and systemd tells of its own.
    """
    if flow_run.deployment_id is None:
        return
    from flows.alarm import alarm  # takes a while to import

    log = flow_run_logger(flow_run, flow)
    ended = f"{state.name}, {flow_run.name}"
    try:
        for line in alarm(Path(flow_run.parameters["site"]), flow.name, ended):
            log.info("alarm: %s", line)
    except OUTSIDE_ERRORS as error:
        log.error("alarm: %s", reason(error))


class _Run(TypedDict):
    timeout_seconds: float
    on_failure: list[FlowStateHook[..., Any]]
    on_crashed: list[FlowStateHook[..., Any]]


OF_A_RUN: _Run = {
    "timeout_seconds": LONGEST_HOURS * 3600,
    "on_failure": [sound_alarm],
    "on_crashed": [sound_alarm],
}
"""What every flow that a server starts has besides its name and runner."""
