"""Libraries that GX imports for expectations that huizong does not have, loaded when they are used.

They are scipy's statistics and altair's charts, for one expectation about distributions, and take
as long as the rest of GX. Whoever uses them has them: the first look into a module loads it.
"""

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import LazyLoader
from types import ModuleType

_SELDOM_USED = ("altair", "scipy.stats")


class _WhenUsed(MetaPathFinder):
    """Finds them where they are, and puts off what is in them."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in _SELDOM_USED:
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = LazyLoader(spec.loader)
        return spec


def put_off() -> None:
    """From now on; before anything imports GX."""
    sys.meta_path.insert(0, _WhenUsed())
