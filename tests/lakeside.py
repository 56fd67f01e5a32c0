"""The scheme of 湖滨市, whose forms, counties and codes changed in the course of time."""

import shutil
from pathlib import Path

import pytest

from schemas.errors import SchemeError
from schemas.scheme import load_scheme

LAKESIDE = Path(__file__).parent / "catalog" / "lakeside"


def assert_refused(copy: Path, file: str, old: str, new: str, problem: str) -> None:
    """A copy in which a text that stands once in a file is another one is refused for it."""
    shutil.copytree(LAKESIDE, copy)
    text = (copy / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    (copy / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(SchemeError) as raised:
        load_scheme(copy)
    assert any(problem in line for line in raised.value.problems), raised.value.problems
