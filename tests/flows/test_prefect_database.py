from pathlib import Path

from flows.prefect_database import begin_with


def test_a_new_home_of_prefect_begins_with_the_database_that_was_made(tmp_path: Path) -> None:
    made, home = tmp_path / "prefect-3.8.8.db", tmp_path / "site" / "prefect"
    made.write_bytes(b"by a hundred migrations")
    begin_with(made, home)
    (begun,) = home.iterdir()
    assert (begun.name, begun.read_bytes()) == ("prefect.db", b"by a hundred migrations")


def test_a_database_that_stands_there_is_left(tmp_path: Path) -> None:
    made, kept = tmp_path / "prefect-3.8.8.db", tmp_path / "prefect.db"
    made.write_bytes(b"by a hundred migrations")
    kept.write_bytes(b"of the last night")
    begin_with(made, tmp_path)
    assert kept.read_bytes() == b"of the last night"


def test_where_none_was_made_the_server_makes_its_own(tmp_path: Path) -> None:
    begin_with(tmp_path / "prefect-3.0.0.db", tmp_path / "prefect")
    assert not (tmp_path / "prefect").exists()
