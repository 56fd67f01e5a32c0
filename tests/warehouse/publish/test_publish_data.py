import csv
import json
from dataclasses import replace
from decimal import Decimal
from io import BytesIO, StringIO
from pathlib import Path

import frictionless
import pytest
from pyarrow import parquet  # type: ignore[import-untyped]

from schemas.models import PUBLISHED_BESIDE
from warehouse.consolidation.contents import ConsolidatedTable, PublicationContents
from warehouse.publish.edition import Edition
from warehouse.publish.open_data import open_data


@pytest.fixture(scope="module")
def files(edition: Edition) -> dict[str, bytes]:
    return open_data(edition)


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(files[name].decode("utf-8"))))


def test_a_consolidated_table_has_a_row_per_county_and_the_municipality_last(
    files: dict[str, bytes],
) -> None:
    biogas = rows(files, "biogas.csv")
    assert len(biogas) == 18
    assert biogas[0]["county_code"] == "141002"
    assert (biogas[0]["stock_prev"], biogas[0]["plan_pct"]) == ("1001", "143.86")
    assert biogas[-1]["county_name"] == "临汾市"
    assert (biogas[-1]["counties_reported"], biogas[-1]["counties_owed"]) == ("16", "17")


def test_a_missing_county_is_blank_and_never_zero(files: dict[str, bytes]) -> None:
    missing = next(row for row in rows(files, "biogas.csv") if row["county_name"] == "隰县")
    assert missing["stock_prev"] == ""
    assert {
        (row["counties_reported"], row["counties_owed"]) for row in rows(files, "biogas.csv")
    } == {("16", "17")}


def test_csv_is_utf8_without_mark_with_line_feeds(files: dict[str, bytes]) -> None:
    content = files["findings.csv"]
    assert not content.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in content
    assert content.endswith(b"\n")


def test_the_same_figures_written_otherwise_give_the_same_bytes(
    contents: PublicationContents, files: dict[str, bytes]
) -> None:
    def respelt(value: Decimal | None) -> Decimal | None:
        return None if value is None else value.normalize() + Decimal("0.0000000000")

    def other(table: ConsolidatedTable) -> ConsolidatedTable:
        spelt = tuple(
            replace(row, values={name: respelt(value) for name, value in row.values.items()})
            for row in table.counties
        )
        return replace(table, counties=spelt)

    again = open_data(Edition(replace(contents, tables=tuple(map(other, contents.tables))), "zh"))
    assert again == files


def test_parquet_keeps_exact_decimals_and_whole_numbers(files: dict[str, bytes]) -> None:
    funds = parquet.read_table(BytesIO(files["fund_arrival.parquet"]))
    assert str(funds.schema.field("issued").type) == "decimal128(28, 4)"
    assert str(funds.schema.field("documents").type) == "int64"
    assert funds.column("issued")[0].as_py() == Decimal("143.1429")
    assert funds.schema.field("issued").metadata[b"unit"] == "万元".encode()


def test_csv_and_parquet_hold_the_same(files: dict[str, bytes]) -> None:
    table = parquet.read_table(BytesIO(files["fund_arrival.parquet"])).to_pylist()
    for written, typed in zip(rows(files, "fund_arrival.csv"), table, strict=True):
        assert written == {k: "" if v is None else str(v) for k, v in typed.items()}


def test_findings_are_listed_with_their_place_and_state(files: dict[str, bytes]) -> None:
    first = rows(files, "findings.csv")[0]
    assert (first["severity"], first["county_code"]) == ("error", "141034")
    assert first["cells"] == "R04 沼气池建设进度表!F8; R04 沼气池建设进度表!E8"
    assert (first["rule"], first["state"], first["effect"]) == ("R04-sealed", "open", "5.000000")


def test_completeness_tells_the_standings_apart(files: dict[str, bytes]) -> None:
    standing = {
        (row["form"], row["county_name"]): row["status"] for row in rows(files, "completeness.csv")
    }
    assert standing["biogas", "隰县"] == "missing"
    assert standing["relocation_survey", "汾西县"] == "refused"
    assert standing["relocation_survey", "尧都区"] == "not_owed"
    assert standing["biogas", "尧都区"] == "accepted"
    assert standing["biogas", "汾西县"] == "earlier"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_data_package_is_valid(
    contents: PublicationContents, tmp_path: Path, language: str
) -> None:
    files = open_data(Edition(contents, "zh" if language == "zh" else "en"))
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    report = frictionless.Package(tmp_path / "datapackage.json").validate()
    assert report.valid, report.flatten(["title", "note"])
    assert report.stats["tasks"] == len(contents.tables) + 4


def test_no_form_can_have_the_name_of_another_table(
    files: dict[str, bytes], contents: PublicationContents
) -> None:
    names = {resource["name"] for resource in json.loads(files["datapackage.json"])["resources"]}
    assert names - {table.form.name for table in contents.tables} < PUBLISHED_BESIDE


def test_the_data_package_states_titles_units_and_the_publication(files: dict[str, bytes]) -> None:
    package = json.loads(files["datapackage.json"])
    assert package["id"] == "linfen/2003H1-0003"
    biogas = next(r for r in package["resources"] if r["name"] == "biogas")
    built = next(f for f in biogas["schema"]["fields"] if f["name"] == "built_ytd")
    assert built["title"] == "本年建设 · 本年累计新建"
    assert built["unit"] == "个"
    assert biogas["parquet"] == "biogas.parquet"
