"""What a program costs as a process of its own, with everything that it starts.

`python -m tests.bench.process RESULT COMMAND…` runs a command and writes what it took.
"""

import ctypes
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

_PR_SET_CHILD_SUBREAPER = 36
_LOOK_EVERY = 1.0  # seconds, at how much memory there is in use, which takes a while


@dataclass(frozen=True)
class Cost:
    """Seconds by the clock, seconds of processor, and the most bytes at one moment.

    The bytes are those of all its processes together, where what these share is counted once, at
    the moments at which they were looked at; what the kernel has kept of the largest process
    alone is more where all of it was over between two looks. So a program takes at least these.
    """

    seconds: float
    processor: float
    memory: int


def cost_of(command: Sequence[str]) -> Cost:
    """Run a command, whose output goes to that of this program's errors, and what it took.

    Raises CalledProcessError when it fails.
    """
    # PREFECT_… would send a night to another server, and a program that cannot keep its
    # compiled files compiles everything that it imports each time.
    hindering = ("PREFECT_", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(hindering)}
    with TemporaryDirectory() as folder:
        result = Path(folder) / "cost.json"
        subprocess.run(
            [sys.executable, "-m", "tests.bench.process", str(result), *command],
            check=True,
            stdout=sys.stderr,
            env=clean | {"HUIZONG_QUIET_SECONDS": "0"},
        )
        return Cost(**json.loads(result.read_text()))


def _measure(command: Sequence[str]) -> Cost:
    # Processes whose parent has ended become ours, so that what they took is counted, too.
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    began = time.monotonic()
    with subprocess.Popen(command) as process:
        memory = 0
        while process.poll() is None:
            memory = max(memory, sum(map(_memory, _descendants(os.getpid()))))
            with suppress(subprocess.TimeoutExpired):
                process.wait(_LOOK_EVERY)
    seconds = time.monotonic() - began
    with suppress(ChildProcessError):
        while True:
            os.wait()
    if process.returncode:
        sys.exit(process.returncode)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(seconds, used.ru_utime + used.ru_stime, max(memory, used.ru_maxrss * 1024))


def processor() -> float:
    """Seconds of processor that this program and all that it has started took so far."""
    return sum(map(_processor, [os.getpid(), *_descendants(os.getpid())]))


def _processor(process: int) -> float:
    with suppress(OSError):
        after_name = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, after_name[11:15])) / os.sysconf("SC_CLK_TCK")
    return 0


def _descendants(process: int) -> Iterator[int]:
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{process}/task"):
            for child in Path(f"/proc/{process}/task/{thread}/children").read_text().split():
                yield int(child)
                yield from _descendants(int(child))


def _memory(process: int) -> int:
    """Its bytes, of those that it shares with others its part."""
    with suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    return 0


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(json.dumps(asdict(_measure(sys.argv[2:]))))
