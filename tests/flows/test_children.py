"""Whatever a task does to its process, it is told to whoever gave it, and the next one is done."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from flows.checking.children import ChildDiedError, Children, Limits, take_longer
from flows.checking.reading import LIMITS


def double(number: int) -> int:
    return 2 * number


def process_id() -> int:
    return os.getpid()


def spin() -> None:
    while True:
        pass


def end_by(signal_number: int) -> None:
    os.kill(os.getpid(), signal_number)


def fill(size: int) -> int:
    return len(bytearray(size))


def fail() -> None:
    raise ValueError("wrong")


def wait_for_long() -> None:
    time.sleep(60)


def take_longer_and(wait: float, work: float) -> str:
    """Ask for a second more, wait and then take so much of the processor."""
    take_longer(1)
    time.sleep(wait)
    end = time.process_time() + work
    while time.process_time() < end:
        pass
    return "done"


def work_on_one_processor(seconds: float) -> None:
    """Take so many seconds of the processor that all such tasks share."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


@pytest.fixture(scope="module")
def one() -> Children:
    return Children(1, Limits(seconds=1, memory=LIMITS.memory))


@pytest.fixture(autouse=True)
def still_works(one: Children) -> Iterator[None]:
    yield
    assert one.run(double, 21) == 42


def test_tasks_are_done_in_another_process_which_is_kept(one: Children) -> None:
    first = one.run(process_id)
    assert first != os.getpid()
    assert one.run(process_id) == first


@pytest.mark.parametrize("how", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL])
def test_a_crash_is_told(one: Children, how: int) -> None:
    with pytest.raises(ChildDiedError, match="crashed"):
        one.run(end_by, how)


def test_a_task_that_does_not_end_is_ended(one: Children) -> None:
    with pytest.raises(ChildDiedError, match="out of time"):
        one.run(spin)


def test_a_task_that_waits_for_ever_is_ended(one: Children) -> None:
    with pytest.raises(ChildDiedError, match="out of time"):
        one.run(wait_for_long)


@pytest.mark.parametrize(("wait", "work"), [(1.6, 0), (0, 1.6)])
def test_a_task_with_much_to_do_may_take_longer(one: Children, wait: float, work: float) -> None:
    assert one.run(take_longer_and, wait, work) == "done"


def test_what_took_longer_is_ended_all_the_same(one: Children) -> None:
    with pytest.raises(ChildDiedError, match="out of time"):
        one.run(take_longer_and, 60, 0)


def test_the_next_task_has_no_more_time_for_it(one: Children) -> None:
    assert one.run(take_longer_and, 0, 0) == "done"
    with pytest.raises(ChildDiedError, match="out of time"):
        one.run(wait_for_long)


def test_a_process_that_is_no_child_has_all_the_time() -> None:
    assert take_longer_and(0, 0) == "done"


def test_time_in_which_others_have_the_processor_is_not_counted(one: Children) -> None:
    others = Children(3, LIMITS)
    with ThreadPoolExecutor(3) as threads:
        busy = [threads.submit(others.run, work_on_one_processor, 0.8) for _ in range(3)]
        one.run(work_on_one_processor, 0.5)
        for other in busy:
            other.result()


def test_more_memory_than_is_allowed_is_refused(one: Children) -> None:
    assert one.run(fill, 100_000_000) == 100_000_000
    with pytest.raises(MemoryError):
        one.run(fill, LIMITS.memory)


def test_an_error_says_where_in_the_child_it_was(one: Children) -> None:
    with pytest.raises(ValueError, match="wrong") as raised:
        one.run(fail)
    assert "in fail" in "".join(raised.value.__notes__)


def test_a_child_that_ends_between_tasks_is_replaced(one: Children) -> None:
    before = one.run(process_id)
    os.kill(before, signal.SIGKILL)
    while Path(f"/proc/{before}").exists():
        time.sleep(0.01)
    assert one.run(process_id) != before


def test_a_child_killed_in_the_middle_is_the_end_of_its_task_alone() -> None:
    several = Children(2, LIMITS)
    with ThreadPoolExecutor(2) as threads:
        killed = threads.submit(several.run, end_by, signal.SIGKILL)
        others = [threads.submit(several.run, double, number) for number in range(20)]
        assert isinstance(killed.exception(), ChildDiedError)
        assert [other.result() for other in others] == [2 * number for number in range(20)]
