"""Random histories: any night is known as it was, on both databases, and comes about once more.

`HISTORIES` in the environment says how many; `make histories` asks for 30.
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from itertools import count
from shutil import copy

import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text

from flows.checking.judging import judge_again
from flows.process import CheckedFile, ReadFile
from flows.replay import replay
from schemas.answers import Answer, Answers, FindingRef, ListStamp
from schemas.errors import WarehouseError
from schemas.filing import Checked, Filing, Reading, Received
from schemas.findings import CellRef, Finding, Severity
from schemas.models import RuleFile, Scheme
from schemas.scheme import load_scheme
from tests.databases import PERSON_KEY, create_database, drop_database, opened
from tests.lakeside import LAKESIDE
from tests.warehouse.conftest import House
from warehouse import tables
from warehouse.consolidation.contents import PublicationContents
from warehouse.judging.closings import Turn, closed_at, turn_period
from warehouse.judging.reviews import Action, Decision
from warehouse.loading import load
from warehouse.publications import publications_of, record_publication
from warehouse.publish.edition import Edition
from warehouse.publish.open_data import csv_bytes
from warehouse.publish.resources import resources
from warehouse.schemes import scheme_at, scheme_of
from warehouse.stewards import verdicts
from warehouse.stewards.due import periods_to_publish
from warehouse.stewards.publication_contents import publication_contents
from warehouse.stewards.worklist import worklist
from warehouse.upkeep.upgrade import upgrade

HISTORIES = int(os.environ.get("HISTORIES", "2"))
COUNTIES = ("990102", "990121", "990122")
WET, DRIER = (
    {"id": name, "form": "water", "check": check, "label": {"zh": name, "en": name}}
    for name, check in (
        ("W1-wet", "water.served ≤ bridge.length_m"),
        ("W1-drier", "water.served ≥ last_year(water.served)"),
    )
)
CELL = CellRef(sheet="Discrepancy list", address="T5")


class World:
    """Two schemes, one after the other, and how a database is made of its kind; short to print."""

    def __init__(
        self,
        schemes: tuple[Scheme, Scheme],
        database: Callable[[str], AbstractContextManager[Engine]],
    ) -> None:
        self.schemes, self.database = schemes, database


# --- what may happen: each at a moment of its own ------------------------------------------------


@dataclass(frozen=True)
class Return:
    """A return in a format of our own, as its bytes; what is wrong with it stands in it."""

    county: str
    form: str
    period: str
    value: int
    wrong: str
    lines: int = 1

    @property
    def content(self) -> bytes:
        return json.dumps(self.__dict__).encode()


@dataclass(frozen=True)
class Review:
    """A decision about the filing of a number, if there is one and it can be."""

    number: int
    action: Action


@dataclass(frozen=True)
class Explain:
    """An explanation of the finding of a number, if there is one."""

    number: int


@dataclass(frozen=True)
class Turned:
    """A period is closed, or reopened where it is."""

    period: str


@dataclass(frozen=True)
class Grown:
    """The scheme has one column more."""


Act = Return | Review | Explain | Turned | Grown
returns = st.builds(
    Return,
    county=st.sampled_from(COUNTIES),
    form=st.sampled_from(["bridge", "water"]),
    period=st.sampled_from(["2014", "2015"]),
    value=st.integers(1, 3),
    wrong=st.sampled_from(["", "", "warning", "error"]),
)
acts = st.one_of(
    returns,
    returns,
    st.builds(Review, st.integers(1, 9), st.sampled_from(Action)),
    st.builds(Explain, st.integers(1, 9)),
    st.builds(Turned, st.sampled_from(["2014", "2015"])),
    st.just(Grown()),
)
histories = st.lists(st.tuples(acts, st.booleans()), min_size=6, max_size=18)


# --- making it happen ----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def schemes() -> tuple[Scheme, Scheme]:
    """Two forms of Lakeside, and a scheme that asks for the width of bridges besides.

    The water supply is compared with the bridges, and with itself a year ago.
    """
    whole = load_scheme(LAKESIDE)
    bridge, water = whole.form("bridge"), whole.form("water")
    rules = RuleFile.model_validate({"rules": [WET, DRIER]})
    first = whole.model_copy(update={"forms": (bridge, water), "rule_files": {"wet": rules}})
    width = bridge["length_m"].model_copy(update={"name": "width_m"})
    wider = bridge.model_copy(update={"indicators": (*bridge.indicators, width)})
    grown = {"forms": (wider, water), "fingerprint": "wider", "version": "4"}
    return first, first.model_copy(update=grown)


@pytest.fixture(scope="module")
def world(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory, schemes: tuple[Scheme, Scheme]
) -> World:
    """Makes an empty warehouse of the first scheme on a database, or an empty database."""
    folder, numbers = tmp_path_factory.mktemp("histories"), count()
    file = folder / "template.db"
    templates = {
        "sqlite": f"sqlite:///{file}",
        "postgresql": create_database(postgres_url, "template_histories"),
    }
    for url in templates.values():
        with opened(url) as engine:
            upgrade(engine, schemes[0])

    @contextmanager
    def make(kind: str) -> Iterator[Engine]:
        database, _, empty = kind.partition(" ")
        name = f"history_{next(numbers)}"
        if database == "sqlite":
            path = folder / f"{name}.db"
            if not empty:
                copy(file, path)
            url = f"sqlite:///{path}"
        else:
            template = "template1" if empty else "template_histories"
            url = create_database(postgres_url, name, template=template)
        with opened(url, PERSON_KEY) as engine:
            yield engine
        if database == "postgresql":
            drop_database(postgres_url, name)

    return World(schemes, make)


def interpret(
    engine: Engine, scheme: Scheme, files: Sequence[Received], at: datetime
) -> list[CheckedFile]:
    """Read and check files in the format of our own."""
    return [interpreted(House(engine, scheme), file) for file in files]


def interpreted(house: House, file: Received) -> CheckedFile:
    said = json.loads(file.content)
    if "key" in said:
        stamp = ListStamp("list", house.scheme.id, said["period"], 1, said["county"], "Answer")
        answers = Answers(stamp, (Answer(FindingRef(said["sha256"], said["key"]), "so", CELL),))
        reading = Reading(said["county"], said["period"], (), (), answers)
        return CheckedFile(ReadFile(file.sha256, file.name, reading), ())
    filing = filed(house, Return(**said))
    reading = Reading(filing.county, filing.period, (filing,), ())
    return CheckedFile(ReadFile(file.sha256, file.name, reading), (Checked((), ()),))


def filed(house: House, said: Return) -> Filing:
    value = said.value
    lines: list[dict[str, object]] = [
        {"bridge": "Old bridge", "kind": "arch", "length_m": Decimal(value)}
        if said.form == "bridge"
        else {"villages": 10, "served": value, "served_pct": Decimal(10 * value), "households": 5}
    ]
    found = []
    if said.wrong:
        found.append(
            Finding(
                code="rule-failed",
                severity=Severity(said.wrong),
                rule="W1-served",
                observed=str(value),
                parameters={"statement": "a", "substituted": "b"},
            )
        )
    with_scheme = House(house.engine, house.scheme.at(house.scheme.period(said.period).period))
    return with_scheme.filing(said.form, said.county, *lines, period=said.period, findings=found)


@dataclass
class Past:
    """A warehouse with its history, and what was published on the way."""

    engine: Engine
    schemes: tuple[Scheme, Scheme]
    scheme: Scheme
    published: list[PublicationContents] = field(default_factory=list)
    moments: Iterator[int] = field(default_factory=lambda: count(1))

    @property
    def house(self) -> House:
        return House(self.engine, self.scheme)

    def happen(self, act: Act) -> None:
        at = self.house.night(next(self.moments))
        decision = Decision("as agreed", "Wang Min", at)
        match act:
            case Return():
                self.receive(Received(f"{act.county}.json", act.content, "folder"), at)
            case Explain():
                self.explain(act, at)
            case Review():
                self.review(act, decision)
            case Turned():
                self.turn(act.period, decision)
            case Grown():
                self.scheme = self.schemes[1]
                upgrade(self.engine, self.scheme)

    def receive(self, file: Received, at: datetime) -> None:
        with self.engine.begin() as connection:
            load.keep(connection, file, at)
            if load.is_recorded(connection, file.sha256):
                return
        item = interpreted(self.house, file)
        with self.engine.begin() as connection:
            load.record(connection, self.scheme, file.sha256, item.file.reading, item.checked, at)

    def explain(self, act: Explain, at: datetime) -> None:
        with self.engine.connect() as connection:
            table = tables.findings
            told = select(table).where(table.c.id == act.number)
            row = connection.execute(told).one_or_none()
        if row is not None and row.county_code and row.period:
            said = {n: row._mapping[n] for n in ("sha256", "key", "period")}
            content = json.dumps({**said, "county": row.county_code}).encode()
            self.receive(Received("list.json", content, "folder"), at)

    def review(self, act: Review, decision: Decision) -> None:
        try:
            with self.engine.begin() as connection:
                match act.action:
                    case Action.RETURNED:
                        verdicts.return_filing(connection, self.scheme, act.number, decision)
                    case Action.WITHDRAWN:
                        verdicts.withdraw(connection, self.scheme, act.number, decision)
                    case Action.ACCEPTED:
                        again = verdicts.to_read_again(connection, act.number, decision)
                        said = None if again is None else Return(**json.loads(again.content))
                        lines = None if said is None else filed(self.house, said)
                        verdicts.let_in(connection, self.scheme, act.number, lines, decision)
        except WarehouseError:
            pass  # it cannot be, which leaves no trace

    def turn(self, period: str, decision: Decision) -> None:
        entry = self.scheme.period(period)
        with self.engine.begin() as connection:
            closed = closed_at(connection, period) is not None
            turn_period(connection, entry, Turn.REOPENED if closed else Turn.CLOSED, decision)

    def night(self) -> None:
        at = self.house.night(next(self.moments))
        judge_again(self.engine, self.scheme, at)
        with self.engine.begin() as connection:
            for period in periods_to_publish(connection, self.scheme):
                contents = publication_contents(connection, self.scheme, period, at)
                files = {"x": "0" * 64}
                record_publication(connection, contents, f"{contents.serial:04}", files, "en")
                self.published.append(contents)


# --- what has to hold ----------------------------------------------------------------------------


def known_again(engine: Engine) -> list[PublicationContents]:
    """Every publication, made of what the warehouse knows of its moment, in their order."""
    found = []
    with engine.connect() as connection:
        for period in ("2014", "2015", "2016"):
            for made in publications_of(connection, period):
                scheme = scheme_of(connection, made.scheme_fingerprint)
                assert scheme_at(connection, made.as_of) == scheme
                found.append(publication_contents(connection, scheme, period, made.as_of))
    return sorted(found, key=lambda contents: (contents.as_of, contents.period.id))


def files(contents: PublicationContents) -> dict[str, bytes]:
    return {each.name: csv_bytes(each) for each in resources(Edition(contents, "en"))}


Contract = dict[str, list[tuple[str | None, ...]]]


def contract(engine: Engine) -> Contract:
    """Every published view, with all its rows."""
    with engine.connect() as connection:
        names = connection.scalars(select(tables.published_views.c.name)).all()
        return {
            name.removeprefix("mart").lstrip("._"): sorted(
                (
                    tuple(map(as_text, row))
                    for row in connection.execute(text(f"SELECT * FROM {name}"))
                ),
                key=repr,
            )
            for name in names
        }


def as_text(value: object) -> str | None:
    """A value of a view, alike on both databases: SQLite has no true and no exact decimals."""
    match value:
        case None:
            return None
        case bool() | int() | float() | Decimal():
            return f"{Decimal(str(value + 0)).normalize():f}"
        case datetime():
            return value.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        case _:
            return str(value)


def standings(engine: Engine, scheme: Scheme) -> list[object]:
    with engine.connect() as connection:
        at = House(engine, scheme).night(99)
        listed = [
            worklist(connection, scheme, scheme.period(period), at) for period in ("2014", "2015")
        ]
    # Numbers are given in the order of recording, which is no part of what is known.
    return [
        replace(one, id=0, reviews=tuple(replace(r, filing=0) for r in one.reviews))
        for filings in listed
        for one in filings
    ]


@settings(
    max_examples=HISTORIES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(history=histories)
@example(history=[])
@example(history=[(Turned("2015"), False)])
def test_any_night_is_known_as_it_was_and_comes_about_once_more(
    world: World, history: list[tuple[Act, bool]]
) -> None:
    with ExitStack() as stack:
        pasts = [
            Past(stack.enter_context(world.database(kind)), world.schemes, world.schemes[0])
            for kind in ("sqlite", "postgresql")
        ]
        for past in pasts:
            for act, night in history:
                past.happen(act)
                if night:
                    past.night()
            past.night()
            assert known_again(past.engine) == past.published
        one, other = pasts
        assert one.published == other.published
        assert [*map(files, one.published)] == [*map(files, other.published)]
        for past, kind in zip(pasts, ("postgresql empty", "sqlite empty"), strict=True):
            again = stack.enter_context(world.database(kind))
            replay(past.engine, again, past.scheme, interpret)
            assert known_again(again) == past.published
            assert standings(again, past.scheme) == standings(past.engine, past.scheme)
            assert_same(contract(again), contract(past.engine))
        assert_same(contract(one.engine), contract(other.engine))


def assert_same(one: Contract, other: Contract) -> None:
    assert one.keys() == other.keys()
    for name, rows in one.items():
        assert rows == other[name], name
