"""Who reads and checks: threads of the night, or worker processes that an engine keeps.

The engines are Prefect's own task runners. What is handed to a worker is the name of a task and
plain values; it opens the site by its folder, which has to stand under the same path there.
"""

import logging
from typing import TYPE_CHECKING, Any, Literal, Self

from pydantic import Field, model_validator

from schemas.errors import SettingsError
from schemas.text import Closed

if TYPE_CHECKING:
    from prefect.task_runners import TaskRunner

AT_ONCE = 8
"""So many steps run side by side: fewer than the database gives connections to one process."""


class Workers(Closed):
    """Processes, on this machine or others, over which reading and checking are spread."""

    engine: Literal["processes", "dask"] = Field(
        description="processes: those of this machine alone; dask: a cluster of Dask, for which "
        "`requirements-scale.lock` has to be installed.",
    )
    count: int = Field(default=2, ge=1, description="How many are started for each night.")
    address: str | None = Field(
        default=None,
        description="The scheduler of a Dask cluster that stands already, as tcp://10.0.0.5:8786; "
        "none are started then.",
    )

    @model_validator(mode="after")
    def _only_dask_has_an_address(self) -> Self:
        if self.address is not None and self.engine != "dask":
            raise ValueError('address is that of a Dask cluster; set engine = "dask"')
        return self


def threads() -> "TaskRunner[Any]":
    """What runs the steps of a flow: threads, few enough for any number of files and counties."""
    from prefect.task_runners import ThreadPoolTaskRunner

    return ThreadPoolTaskRunner(max_workers=AT_ONCE)


def task_runner(workers: Workers | None) -> "TaskRunner[Any]":
    """What runs the reading and checking of a night; threads where nothing is set.

    Raises SettingsError when Dask is asked for and not installed.
    """
    from prefect.task_runners import ProcessPoolTaskRunner

    if workers is None:
        return threads()
    if workers.engine == "processes":
        return ProcessPoolTaskRunner(max_workers=workers.count)
    try:
        import dask
        from prefect_dask.task_runners import DaskTaskRunner
    except ImportError:
        raise SettingsError(
            'engine = "dask" in [workers] needs more packages: '
            "`pip install --require-hashes --requirement requirements-scale.lock`"
        ) from None
    logging.getLogger("distributed").setLevel(logging.ERROR)  # a failed task is told by Prefect
    if workers.address is not None:
        return DaskTaskRunner(address=workers.address)
    # A file is read in a child process, and daemons may have none.
    dask.config.set({"distributed.worker.daemon": False})
    cluster = {"n_workers": workers.count, "threads_per_worker": 1, "dashboard_address": ":0"}
    return DaskTaskRunner(cluster_kwargs=cluster)
