"""The steps of a night without Prefect, one after the other: what each of them takes.

`python -m tests.bench.steps SITE RESULT` writes the seconds of processor of each step as JSON,
with those of the child processes that it was done in.
"""

import json
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

from tests.bench.process import processor

R = TypeVar("R")


def main(site: Path, result: Path) -> None:
    """Do the night of a site."""
    # Not above: every child process imports the module that was started once more.
    from flows import inbox, process
    from flows.checking.reading import children
    from flows.garbage import look_seldom
    from flows.house import closing_houses, open_house

    took: dict[str, float] = {}

    def step(name: str, work: Callable[[], R]) -> R:
        before = processor()
        done = work()
        took[name] = took.get(name, 0) + processor() - before
        return done

    look_seldom()
    children.prepare()
    with closing_houses():
        house = step("opening", lambda: open_house(str(site)))
        nothing = process.accepted(house, [])
        step("imports of checks", lambda: process.check(house.scheme, [], nothing))
        came = step("collecting", lambda: inbox.collect(house))
        at = house.moment()
        step("keeping", lambda: process.keep(house, came.received, at))
        waiting = process.waiting(house)
        with ThreadPoolExecutor() as threads:
            one = partial(process.read, house.scheme, at=at)
            read = step("reading", lambda: list(threads.map(one, waiting)))
        beside = step("looking up", lambda: process.accepted(house, read))
        checked = step("checking", lambda: process.check(house.scheme, read, beside))
        for of_county in process.by_county(checked):
            step("accepting", partial(process.accept, house, of_county, at))
        for period in process.to_publish(house):
            contents = step("consolidating", partial(process.consolidate, house, period, at))
            step("publishing", partial(process.publish, house, contents))
    result.write_text(json.dumps(took))


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
