"""The files of the sample: clean ones read back as they were made, and every fault is where the
key says it is.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from schemas.filing import records
from schemas.messages import catalogue
from schemas.models import Scheme
from schemas.reading.reader import read_submission
from schemas.rules.formulas import completed
from schemas.sample import sample_lines, sampled_periods, write_sample
from schemas.sample.overtype import overtype
from schemas.sample.write import key_file
from schemas.scheme import load_scheme

JANUARY = date(2016, 1, 25)
CLEAN_IN_2015 = {"尧都区", "吉县", "蒲县", "汾西县", "侯马市", "霍州市"}


@pytest.fixture(scope="module")
def scheme(first_forms: Path) -> Scheme:
    return load_scheme(first_forms)


@pytest.fixture(scope="module")
def key(faulty_returns: Path) -> dict[str, dict[str, str]]:
    with key_file(faulty_returns).open(encoding="utf-8-sig", newline="") as file:
        return {row["fault"]: row for row in csv.DictReader(file)}


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def cells(content: bytes) -> Iterator[tuple[str, str, object]]:
    """Sheet, address and shown value of every cell."""
    for sheet in load_workbook(io.BytesIO(content), data_only=True):
        for row in sheet.iter_rows():
            yield from ((sheet.title, cell.coordinate, cell.value) for cell in row)


def changed(before: bytes, after: bytes) -> dict[tuple[str, str], tuple[object, object]]:
    """The cells that show another value."""
    old = {(sheet, address): value for sheet, address, value in cells(before)}
    return {
        (sheet, address): (old[sheet, address], value)
        for sheet, address, value in cells(after)
        if old[sheet, address] != value
    }


def test_a_file_for_every_county_and_period(scheme: Scheme, clean_returns: Path) -> None:
    assert set(contents(clean_returns)) == {
        f"{period}/{county.code}-{county.name.zh}-{period}.xlsx"
        for period in ("2003H1", "2015")
        for county in scheme.counties
    }


def test_two_runs_give_identical_bytes_and_tell_what_they_wrote(
    scheme: Scheme, first_forms: Path, faulty_returns: Path, tmp_path: Path
) -> None:
    target = tmp_path / "inbox"
    written = write_sample(scheme, first_forms, target, faults=True)
    assert contents(target) == contents(faulty_returns)
    assert key_file(target).read_bytes() == key_file(faulty_returns).read_bytes()
    assert written[0] == target / "2003H1" / "141002-尧都区-2003H1.xlsx"
    assert written[-1] == tmp_path / "inbox-faults.csv"
    named = {path.relative_to(target).as_posix() for path in written[:-1]}
    assert named == set(contents(target))


def test_clean_files_read_back_as_they_were_made(
    scheme: Scheme, first_forms: Path, clean_returns: Path
) -> None:
    for period in sampled_periods(first_forms):
        made = sample_lines(scheme, first_forms, period)
        for code, forms in made.items():
            path = (
                clean_returns / period.id / f"{code}-{scheme.county(code).name.zh}-{period.id}.xlsx"
            )
            reading = read_submission(path.name, path.read_bytes(), scheme, JANUARY)
            assert (reading.county, reading.period) == (code, period.id)
            assert not reading.findings
            read = {filing.form: filing for filing in reading.filings}
            assert set(read) == set(forms)
            for name, lines in forms.items():
                form = scheme.at(period).form(name)
                assert records(read[name].frame, form) == [completed(form, line) for line in lines]
                assert read[name].declared_nil == (not lines)
                assert not read[name].findings


def test_faults_are_named_in_both_languages_with_codes_of_the_catalogue(
    key: dict[str, dict[str, str]],
) -> None:
    assert len(key) == 12
    for row in key.values():
        assert row["description_zh"]
        assert row["description_en"]
        assert row["code"] in catalogue()


def test_each_fault_is_in_another_county_and_touches_no_other_file(
    scheme: Scheme, clean_returns: Path, faulty_returns: Path, key: dict[str, dict[str, str]]
) -> None:
    before, after = contents(clean_returns), contents(faulty_returns)
    assert {name for name in before if after.get(name) != before[name]} == {
        row["file"] for row in key.values() if row["file"] in before
    }
    assert set(after) - set(before) == {
        "2015/140821-临猗县-2015.xlsx",
        "2015/141024-洪洞县-2014.xlsx",
        "2015/141030-大宁县-2015_副本.xlsx",
        "2015/141031-隰县-2015_改.xlsx",
    }
    assert len({row["file"] for row in key.values()}) == len(key)
    for county in scheme.counties:
        if county.name.zh in CLEAN_IN_2015:
            assert not any(f"2015/{county.code}" in row["file"] for row in key.values())


def test_the_truncated_file_is_the_first_half_of_the_clean_one(
    clean_returns: Path, faulty_returns: Path, key: dict[str, dict[str, str]]
) -> None:
    name = key["truncated"]["file"]
    half, whole = (faulty_returns / name).read_bytes(), (clean_returns / name).read_bytes()
    assert whole.startswith(half)
    assert len(half) == len(whole) // 2


def test_the_renamed_document_is_one_that_word_opens(
    faulty_returns: Path, key: dict[str, dict[str, str]]
) -> None:
    with zipfile.ZipFile(faulty_returns / key["not-a-workbook"]["file"]) as archive:
        assert set(archive.namelist()) >= {"[Content_Types].xml", "word/document.xml"}
        assert "Word文档" in archive.read("word/document.xml").decode()


def test_nothing_comes_from_the_county_that_is_missing(
    faulty_returns: Path, key: dict[str, dict[str, str]]
) -> None:
    assert key["nothing-sent"]["file"] == "2015/141032-永和县-2015.xlsx"
    assert not (faulty_returns / key["nothing-sent"]["file"]).exists()


def test_the_same_workbook_comes_twice(
    faulty_returns: Path, key: dict[str, dict[str, str]]
) -> None:
    second = faulty_returns / key["sent-twice"]["file"]
    assert second.read_bytes() == (faulty_returns / "2015" / "141030-大宁县-2015.xlsx").read_bytes()


@pytest.mark.parametrize(
    "fault",
    [
        "truncated",
        "not-a-workbook",
        "unknown-county",
        "period-not-open",
        "heading-renamed",
        "text-for-number",
    ],
)
def test_reading_finds_the_fault_at_its_cell(
    fault: str, scheme: Scheme, faulty_returns: Path, key: dict[str, dict[str, str]]
) -> None:
    row = key[fault]
    path = faulty_returns / row["file"]
    reading = read_submission(path.name, path.read_bytes(), scheme, JANUARY)
    found = [*reading.findings, *(f for filing in reading.filings for f in filing.findings)]
    assert [finding.code for finding in found] == [row["code"]]
    if row["cell"]:
        assert [str(cell) for cell in found[0].cells] == [f"{row['sheet']}!{row['cell']}"]


@pytest.mark.parametrize(
    ("fault", "before", "after"),
    [
        ("heading-renamed", "发放资料\n(份)", "印发书籍"),
        ("text-for-number", 2600, "见附件"),
        ("parts-differ", 2608, 2708),
        ("total-differs", 3161, 3171),
    ],
)
def test_a_cell_typed_over_is_all_that_changes(
    fault: str,
    before: object,
    after: object,
    clean_returns: Path,
    faulty_returns: Path,
    key: dict[str, dict[str, str]],
) -> None:
    row = key[fault]
    differences = changed(
        (clean_returns / row["file"]).read_bytes(), (faulty_returns / row["file"]).read_bytes()
    )
    assert differences == {(row["sheet"], row["cell"]): (before, after)}


def test_what_is_computed_follows_the_negative_count(
    clean_returns: Path, faulty_returns: Path, key: dict[str, dict[str, str]]
) -> None:
    row = key["negative-count"]
    differences = changed(
        (clean_returns / row["file"]).read_bytes(), (faulty_returns / row["file"]).read_bytes()
    )
    assert {sheet for sheet, _ in differences} == {row["sheet"]}
    by_address = {address: pair for (_, address), pair in differences.items()}
    assert list(by_address) == ["E8", "H8", "J8"]
    returned, persons = by_address["E8"], by_address["H8"]
    assert returned[1] == -60
    assert Decimal(str(persons[0])) - Decimal(str(persons[1])) == Decimal(str(returned[0])) + 60


def test_the_second_return_has_500_more_leaflets_and_its_total_follows(
    faulty_returns: Path, key: dict[str, dict[str, str]]
) -> None:
    row = key["two-returns"]
    first = (faulty_returns / "2015" / "141031-隰县-2015.xlsx").read_bytes()
    differences = changed(first, (faulty_returns / row["file"]).read_bytes())
    assert {(row["sheet"], row["cell"]), (row["sheet"], "G12")} == set(differences)
    assert all(
        Decimal(str(after)) - Decimal(str(before)) == 500 for before, after in differences.values()
    )


@pytest.mark.parametrize(
    ("sheet", "address"), [("没有", "A1"), ("R18 减贫任务与脱贫摘帽进度表", "ZZ1")]
)
def test_a_cell_that_is_not_there_cannot_be_typed_over(
    clean_returns: Path, sheet: str, address: str
) -> None:
    content = (clean_returns / "2015" / "141033-蒲县-2015.xlsx").read_bytes()
    with pytest.raises(KeyError):
        overtype(content, sheet, address, "x")


def test_marks_of_xml_in_typed_text_stay_text(clean_returns: Path) -> None:
    content = (clean_returns / "2015" / "141033-蒲县-2015.xlsx").read_bytes()
    sheet = "R18 减贫任务与脱贫摘帽进度表"
    typed = overtype(content, sheet, "C8", r"<5 & \1")
    assert changed(content, typed)[sheet, "C8"][1] == r"<5 & \1"
