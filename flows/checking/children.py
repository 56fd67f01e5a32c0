"""Child processes for what must not harm this one: each does one task at a time, within limits.

They come from a server process that has imported what they need and has no threads of ours, so a
new one is there in milliseconds, and one that crashes, hangs or takes all memory is replaced.
"""

import multiprocessing
import os
import pickle
import resource
import signal
import time
import traceback
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass
from math import ceil
from multiprocessing import forkserver
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from queue import LifoQueue
from typing import Any, ParamSpec, TypeVar

from flows.garbage import look_seldom

A = TypeVar("A")
P = ParamSpec("P")
R = TypeVar("R")

_PRELOADED = "flows.checking.reading"
_LOOK_EVERY = 0.5  # seconds, at a task that is not done yet


class ChildDiedError(Exception):
    """A task ended its process: `out_of_time`, or in a crash, as when memory runs out."""

    def __init__(self, *, out_of_time: bool) -> None:
        self.out_of_time = out_of_time
        super().__init__("out of time" if out_of_time else "crashed")


@dataclass(frozen=True)
class Limits:
    """What a task may take: seconds, and bytes of memory with all that is imported.

    A second counts whether the task works or waits for something, but not while it could work and
    other processes have the processor: so it ends in time, and a busy machine refuses nothing.
    A task that finds out that it has much to do may `take_longer`.
    """

    seconds: int
    memory: int


@dataclass(frozen=True)
class _Longer:
    """What a child says before its task is done: so many seconds more."""

    seconds: float


def take_longer(seconds: float) -> None:
    """Allow the task that this process does so many seconds more; nothing if it is no child."""
    pipe = _parent.get()
    if pipe is None:
        return
    limit, most = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (limit + ceil(seconds), most))
    pipe.send(_Longer(seconds))


_parent: "ContextVar[Connection[Any, Any] | None]" = ContextVar("_parent", default=None)


class Children:
    """A few child processes, started when they are first needed; threads may share them."""

    def __init__(self, count: int, limits: Limits) -> None:
        self._limits = limits
        self._count = count
        self._idle: LifoQueue[_Child] = LifoQueue()
        for _ in range(count):
            self._idle.put(_Child(limits))

    def prepare(self) -> None:
        """Let the server import what the children need, while this process does other things."""
        multiprocessing.set_forkserver_preload([_PRELOADED])
        forkserver.ensure_running()

    def run(self, task: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Do a task in a child: a function of a module, whose values can be pickled.

        Raises what the task raises, and ChildDiedError where it did not live to its end.
        """
        self.prepare()
        child = self._idle.get()
        try:
            return child.run(task, *args, **kwargs)
        finally:
            self._idle.put(child)

    def each(
        self,
        task: Callable[[A], R],
        items: Iterable[A],
        /,
        died: Callable[[A], R] | None = None,
    ) -> Iterator[R]:
        """What a task makes of each item, in their order, as many at a time as there are children.

        `died` says what stands for an item with which a child died; raises what `run` raises.
        """

        def done(item: A) -> R:
            try:
                return self.run(task, item)
            except (ChildDiedError, MemoryError):
                if died is None:
                    raise
                return died(item)

        self.prepare()
        with ThreadPoolExecutor(self._count) as threads:
            yield from threads.map(done, items)


class _Child:
    """One process at a time, started again after it has died."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: BaseProcess | None = None
        self._pipe: Connection[Any, Any]

    def run(self, task: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        process = self._living() or self._start()
        try:
            self._pipe.send((task, args, kwargs))
            answer = self._answer(process)
        except (EOFError, ConnectionError):
            late = self._forget(process) == -signal.SIGXCPU
            raise ChildDiedError(out_of_time=late) from None
        if answer is None:
            process.kill()
            self._forget(process)
            raise ChildDiedError(out_of_time=True)
        result, error = answer
        if error is not None:
            raise error
        returned: R = result
        return returned

    def _answer(self, process: BaseProcess) -> tuple[Any, Exception | None] | None:
        """What a task returned or raised; None if there is nothing as long as it may take."""
        started = time.monotonic() - _seconds_kept_waiting(process)
        allowed: float = self._limits.seconds
        while True:
            if self._pipe.poll(_LOOK_EVERY):
                said = self._pipe.recv()
                if not isinstance(said, _Longer):
                    answer: tuple[Any, Exception | None] = said
                    return answer
                allowed += said.seconds
            elif time.monotonic() - started - _seconds_kept_waiting(process) > allowed:
                return None

    def _living(self) -> BaseProcess | None:
        """The process, unless something has ended it since its last task."""
        if self._process is not None and not self._process.is_alive():
            self._forget(self._process)
        return self._process

    def _forget(self, process: BaseProcess) -> int | None:
        """Clear away a process that has ended; with which status."""
        self._process = None
        self._pipe.close()
        process.join()
        status = process.exitcode
        process.close()
        return status

    def _start(self) -> BaseProcess:
        context = multiprocessing.get_context("forkserver")
        self._pipe, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, self._limits), daemon=True)
        process.start()
        theirs.close()
        self._process = process
        return process


def _seconds_kept_waiting(process: BaseProcess) -> float:
    """How long in all a process could have worked while others had the processor.

    Linux counts it; where the system does not, a process is never kept waiting.
    """
    try:
        _, nanoseconds, _ = Path(f"/proc/{process.pid}/schedstat").read_text().split()
    except OSError:
        return 0
    return int(nanoseconds) / 1e9


def _serve(pipe: "Connection[Any, Any]", limits: Limits) -> None:
    """Do tasks until the pipe is closed, which it is as soon as the parent has gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what crashes tells its last words to nobody
    _parent.set(pipe)
    look_seldom()
    while True:
        try:
            task, args, kwargs = pipe.recv()
        except EOFError:
            return
        _allow_seconds(limits.seconds)
        pipe.send_bytes(_outcome(task, args, kwargs))


def _allow_seconds(seconds: int) -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    limit = ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def _outcome(task: Callable[..., Any], args: Any, kwargs: Any) -> bytes:
    """What a task returned or raised, pickled."""
    try:
        return pickle.dumps((task(*args, **kwargs), None))
    except MemoryError:
        return pickle.dumps((None, MemoryError()))
    except Exception as error:
        error.add_note(f"in a child process:\n{traceback.format_exc()}")
        return pickle.dumps((None, error))
