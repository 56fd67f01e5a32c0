"""Copies marked in child processes, and what the log has of those without marks."""

import io
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from flows.checking.marking import marked_side_by_side
from flows.console import log_for_people
from schemas.models import Scheme
from tests.warehouse.publish.conftest import FENXI, example
from tests.warehouse.publish.spoiled import with_format
from warehouse.publish import publish


@pytest.fixture(name="log")
def log_of_machines() -> Iterator[io.StringIO]:
    root, log = logging.getLogger(), io.StringIO()
    handler = logging.StreamHandler(log)
    root.addHandler(handler)
    log_for_people("json")
    yield log
    root.removeHandler(handler)


def test_a_copy_that_an_editor_fails_on_stops_no_publication_and_is_told_in_the_log(
    few: Scheme, tmp_path: Path, log: io.StringIO
) -> None:
    contents = example(few)
    (copy,) = contents.copies[FENXI]
    spoiled = replace(copy, content=with_format(copy.content, "F8", "张三"))
    contents = replace(contents, copies={FENXI: (spoiled,)})
    folder = publish(contents, tmp_path, "zh", marked_side_by_side)

    own = folder / "counties" / "141034-汾西县"
    assert (own / copy.file_name).read_bytes() == spoiled.content
    for file in (own / "discrepancies.xlsx", folder / "discrepancies.xlsx"):
        told = str(load_workbook(file).worksheets[0]["A2"].value)
        assert f"以下文件无法标注，按原件附上：{copy.file_name}。" in told

    (line,) = log.getvalue().splitlines()
    said = json.loads(line)
    assert said.pop("at")
    assert said.pop("place").startswith("warehouse.publish.marks.ooxml:")
    what = f"2003H1 {FENXI} {copy.file_name}: ValueError "
    assert said.pop("message").startswith(f"a copy without marks: {what}")
    assert said == {
        "level": "WARNING",
        "logger": "flows.checking.marking",
        "period": "2003H1",
        "county": FENXI,
        "file": copy.file_name,
        "reason": "ValueError",
    }
    assert "张三" not in line
