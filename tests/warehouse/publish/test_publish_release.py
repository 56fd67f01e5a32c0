from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from schemas.errors import WarehouseError
from schemas.models import Scheme
from schemas.text import Language
from warehouse.consolidation.contents import CountyCopy, PublicationContents
from warehouse.publish import publish, publish_again
from warehouse.publish.edition import Edition
from warehouse.publish.words import vocabulary

YAODU = "141002"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("language", ["zh", "en"])
def test_publishing_twice_gives_the_same_bytes(
    small: PublicationContents, tmp_path: Path, language: Language
) -> None:
    one = publish(small, tmp_path / "one", language)
    other = publish(small, tmp_path / "other", language)
    again = publish(small, tmp_path / "one", language)
    assert tree(one) == tree(other) == tree(again)


def test_a_publication_holds_tables_lists_copies_data_and_pages(
    small: PublicationContents, tmp_path: Path
) -> None:
    folder = publish(small, tmp_path, "zh")
    assert folder == tmp_path / "2003H1" / "0003"
    files = set(tree(folder))
    assert {
        "index.html",
        "validation.html",
        "municipal-tables.xlsx",
        "discrepancies.xlsx",
        "data/datapackage.json",
        "data/biogas.csv",
        "data/biogas.parquet",
        "counties/141034-汾西县/discrepancies.xlsx",
        "counties/141034-汾西县/汾西县2003年上半年.xlsx",
        "counties/141002-尧都区/旧表.xls",
        "counties/141031-隰县/discrepancies.xlsx",
    } <= files


def test_what_a_killed_run_left_behind_is_replaced(
    small: PublicationContents, tmp_path: Path
) -> None:
    clean = tree(publish(small, tmp_path / "clean", "zh"))
    period = tmp_path / "killed" / "2003H1"
    for leftover in (".0003.partial", ".0003.replaced", "0003"):
        (period / leftover).mkdir(parents=True)
        (period / leftover / "half.txt").write_text("half")
    (period / ".latest.fresh").symlink_to("0003")
    folder = publish(small, tmp_path / "killed", "zh")
    assert tree(folder) == clean
    assert sorted(path.name for path in period.iterdir()) == ["0003", "latest"]


def test_latest_points_to_the_newest_and_earlier_ones_stay(
    small: PublicationContents, tmp_path: Path
) -> None:
    first = publish(small, tmp_path, "zh")
    before = tree(first)
    second = publish(replace(small, serial=4), tmp_path, "zh")
    assert (tmp_path / "2003H1" / "latest").readlink() == Path("0004")
    assert (tmp_path / "2003H1" / "latest").resolve() == second.resolve()
    assert tree(first) == before
    assert 'href="../0003/index.html"' in (second / "index.html").read_text(encoding="utf-8")


def test_a_past_publication_is_written_only_if_it_is_the_same(
    small: PublicationContents, tmp_path: Path
) -> None:
    made = tree(publish(small, tmp_path / "made", "zh"))
    digests = {path: sha256(content).hexdigest() for path, content in made.items()}
    again = publish_again(small, tmp_path / "again", "zh", digests)
    assert tree(again) == made
    assert (tmp_path / "again" / "2003H1" / "latest").resolve() == again.resolve()
    digests["index.html"] = "0" * 64
    with pytest.raises(
        WarehouseError, match=r"2003H1/0003 would differ from what was: index\.html"
    ):
        publish_again(small, tmp_path / "other", "zh", digests)
    assert not (tmp_path / "other").exists()


def test_copies_of_one_name_and_unsafe_names_do_not_collide(
    contents: PublicationContents, scheme: Scheme
) -> None:
    names = ("a.xlsx", "A.xlsx", "discrepancies.xlsx", "../../a#1.xlsx", "..", "长" * 200 + ".xlsx")
    copies = tuple(CountyCopy(name, f"{number:08d}" * 8, b"") for number, name in enumerate(names))
    edition = Edition(replace(contents, copies={YAODU: copies}), "zh")
    folder = edition.folder(scheme.county(YAODU))
    assert list(edition.copy_paths.values()) == [
        f"{folder}/{name}"
        for name in (
            "a.xlsx",
            "A-00000001.xlsx",
            "discrepancies-00000002.xlsx",
            "a_1.xlsx",
            "_",
            "长" * 60 + ".xlsx",
        )
    ]


def test_every_word_is_there_in_both_languages_with_the_same_places_to_fill() -> None:
    for name, text in vocabulary().items():
        assert sorted(_fields(text.zh)) == sorted(_fields(text.en)), name


def _fields(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]
