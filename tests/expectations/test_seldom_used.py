"""What GX imports for expectations that huizong does not have, is there for whoever uses it."""

import subprocess
import sys

_CHECKS = "import sys, expectations.validate, expectations.records.together"
_LOADED = "print(*{'altair.vegalite', 'scipy.stats._stats_py', 'scipy.optimize'} & {*sys.modules})"


def told(*statements: str) -> str:
    return subprocess.check_output([sys.executable, "-c", "; ".join(statements)], text=True)


def test_checks_load_neither_statistics_nor_charts_nor_a_solver() -> None:
    assert told(_CHECKS, _LOADED) == "\n"


def test_who_uses_them_has_them() -> None:
    used = "from scipy import stats; import altair; print(stats.norm.cdf(0), altair.Chart.__name__)"
    assert told(_CHECKS, used) == "0.5 Chart\n"
