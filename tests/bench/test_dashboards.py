"""The ten typical queries, on a small warehouse of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from schemas.models import Scheme
from tests.bench.dashboards import (
    answer,
    decade,
    decade_without_indexes,
    queries,
    scanned,
)
from tests.bench.decade import monthly
from tests.databases import create_database, opened
from tests.few import with_forms

ASKED = frozenset({"fund_arrival", "microcredit", "reduction"})


def test_there_are_ten() -> None:
    assert len(queries()) == 10


def test_each_is_answered_by_an_index(engine: Engine) -> None:
    """Also where tables are so small that PostgreSQL would rather read all of them."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET enable_seqscan = off"))
        found = {words: scanned(connection, query) for words, query in queries().items()}
    assert found == {words: [] for words in queries()}


@pytest.fixture
def other(bare: Engine, postgres_url: str, tmp_path: Path) -> Iterator[Engine]:
    """A second database without any table, of the same kind."""
    url = f"sqlite:///{tmp_path / 'other.db'}"
    if bare.dialect.name == "postgresql":
        url = create_database(postgres_url, f"{bare.url.database}_other")
    with opened(url) as engine:
        yield engine


def test_without_indexes_they_say_the_same_and_read_all(
    bare: Engine, other: Engine, scheme: Scheme
) -> None:
    """Three forms and one year, as the bench has it for ten years."""
    year = monthly(with_forms(scheme, ASKED), range(2015, 2016))
    decade(bare, year)
    decade_without_indexes(other, year)
    with bare.connect() as indexed, other.connect() as plain:
        late = next(query for words, query in queries().items() if "who was late" in words)
        how = "EXPLAIN QUERY PLAN" if bare.dialect.name == "sqlite" else "EXPLAIN"
        assert "ix_published_returns_late" in str(answer(indexed, f"{how} {late}"))
        for words, query in queries().items():
            told = answer(indexed, query)
            assert told, words
            assert sorted(map(repr, answer(plain, query))) == sorted(map(repr, told)), words
            assert scanned(plain, query), words
