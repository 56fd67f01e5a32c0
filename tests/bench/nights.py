"""Whole nights, each a process of its own, beside an analyst's program and beside the floor.

The ratios are those of the processor time of all processes: what else the machine does changes
that little. By the clock they are told, too.
"""

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from flows import sites
from tests.bench import returns
from tests.bench.measure import Figure
from tests.bench.process import Cost, cost_of
from tests.bench.returns import KEPT, TIMES, Returns

_HUIZONG = (sys.executable, "-c", "from flows.cli import main; main()", "nightly", "--site")
_OF_FLOOR = 1.5
_OF_BY_HAND = 1 / 8
_OF_FIRST = 1 / 20
_MEMORY = 2048.0
_CHECKS_WIDE = 3.0
_OTHERS_WIDE = 11.0
_MEASURABLE = 0.1  # seconds: the kernel counts a process's time in hundredths

Steps = dict[str, float]


@dataclass(frozen=True)
class Night:
    """What the night of some returns took, and what the others took that did the same."""

    name: str
    first: Cost
    nothing_new: Cost
    steps: Steps
    floor: Cost
    by_hand: Cost | None = None
    parts: dict[str, Steps] = field(default_factory=dict)

    def figures(self) -> Iterator[Figure]:
        """What was measured, and the ratios that there are targets for."""
        yield from _told(f"{self.name}, huizong", self.first)
        for step, seconds in self.steps.items():
            yield Figure(f"{self.name}, huizong, {step}", seconds, "processor s")
        yield from _told(f"{self.name}, nothing new", self.nothing_new)
        yield from _told(f"{self.name}, floor", self.floor)
        if self.by_hand is not None:
            yield from _told(f"{self.name}, by hand", self.by_hand)
        for program, steps in self.parts.items():
            for step, seconds in steps.items():
                yield Figure(f"{self.name}, {program}, {step}", seconds, "processor s")
        yield from _ratio(
            f"{self.name}, nothing new / first", self.nothing_new, self.first, _OF_FIRST
        )
        if self.by_hand is not None:
            yield from _ratio(
                f"{self.name}, huizong / by hand", self.first, self.by_hand, _OF_BY_HAND
            )


def small_night() -> Iterator[Figure]:
    """17 counties in all forms, without the registers."""
    yield from _small().figures()


def register_night() -> Iterator[Figure]:
    """The same with 140,600 households and 423,000 persons."""
    night = _night("register night", returns.register())
    yield from night.figures()
    yield from _ratio("register night, huizong / floor", night.first, night.floor, _OF_FLOOR)
    most = night.first.memory / 2**20
    yield Figure("register night, huizong, memory at most", most, "MiB", _MEMORY)


def wide_night() -> Iterator[Figure]:
    """Ten times the counties of the small night, and how much more each step takes.

    A step that is over at once with the fewer counties is told, and not compared.
    """
    small, wide = _small(), _night("170 counties", returns.wide(), by_hand=False)
    yield from wide.figures()
    for step, seconds in wide.steps.items():
        if small.steps[step] < _MEASURABLE:
            continue
        most = _CHECKS_WIDE if step == "checking" else _OTHERS_WIDE
        yield Figure(f"{TIMES} × the counties, {step}", seconds / small.steps[step], "×", most)
    yield from _ratio(f"{TIMES} × the counties, night", wide.first, small.first, _OTHERS_WIDE)


@cache
def _small() -> Night:
    """Measured once for both that tell of it."""
    return _night("small night", returns.small())


def _night(name: str, of: Returns, *, by_hand: bool = True) -> Night:
    with TemporaryDirectory(dir=KEPT) as folder:
        root = Path(folder)
        site = _site(root / "site", of)
        command = [*_HUIZONG, str(site)]
        first, nothing_new = cost_of(command), cost_of(command)
        steps = root / "steps.json"
        cost_of(_python("steps", _site(root / "stepwise", of), steps))
        floor = cost_of(_python("bare", of.inbox, of.listed, root / "floor"))
        parts = {"floor": _steps(root / "floor" / "times.json")}
        typed = None
        if by_hand:
            typed = cost_of(_python("by_hand", of.inbox, of.listed, root / "by-hand"))
            parts["by hand"] = _steps(root / "by-hand" / "times.json")
        return Night(name, first, nothing_new, _steps(steps), floor, typed, parts)


def _site(folder: Path, of: Returns) -> Path:
    """A new site with the returns in its inbox."""
    list(sites.init(folder, str(of.scheme.resolve())))
    shutil.copytree(of.inbox, folder / "inbox", dirs_exist_ok=True)
    return folder


def _python(module: str, *paths: Path) -> list[str]:
    return [sys.executable, "-m", f"tests.bench.{module}", *map(str, paths)]


def _steps(path: Path) -> Steps:
    steps: Steps = json.loads(path.read_text())
    return steps


def _told(name: str, cost: Cost) -> Iterator[Figure]:
    yield Figure(f"{name}, clock", cost.seconds, "s")
    yield Figure(f"{name}, processor", cost.processor, "s")
    yield Figure(f"{name}, memory", cost.memory / 2**20, "MiB")


def _ratio(name: str, one: Cost, other: Cost, most: float) -> Iterator[Figure]:
    yield Figure(f"{name}, by processor", one.processor / other.processor, "×", most)
    yield Figure(f"{name}, by the clock", one.seconds / other.seconds, "×")
