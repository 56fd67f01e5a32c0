"""Run a module as a process that ends with the one that started it, however that one ends.

`python -m flows.companion prefect server start …` runs Prefect's server. Its standard input is a
pipe that the starting process holds open: when that process ends, killed or not, the pipe closes.
"""

import os
import runpy
import signal
import sys
import threading

from flows.garbage import look_seldom


def _end_with_starter() -> None:
    # Not by sys.stdin itself: Python cannot end in order while a thread reads that.
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    threading.Thread(target=_end_with_starter, daemon=True).start()
    look_seldom()
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
