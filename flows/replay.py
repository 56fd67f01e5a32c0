"""A warehouse brought about once more in an empty database: from what came and what was decided.

Files are read and checked again, each by the scheme of its night, and everything happens at the
moment at which it happened; so the other warehouse ends with the same contract.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, inspect, select

from flows.checking.judging import judge_again
from flows.process import CheckedFile
from schemas.errors import WarehouseError
from schemas.filing import Filing, Received
from schemas.models import Scheme
from warehouse.engine import reading as looking
from warehouse.judging.closings import Closing, turn_period
from warehouse.judging.reviews import Action
from warehouse.lines.personal import Access, tell_apart
from warehouse.loading import load
from warehouse.publications import Publication, record_publication
from warehouse.schemes import scheme_of
from warehouse.stewards import verdicts
from warehouse.stewards.publication_contents import publication_contents
from warehouse.tables import filings
from warehouse.upkeep.archive import Event, Judged, Kept, Recorded, Reviewed, events
from warehouse.upkeep.upgrade import upgrade

_WHO = "huizong warehouse replay"

Interpret = Callable[[Engine, Scheme, Sequence[Received], datetime], Sequence[CheckedFile]]
"""Reads and checks files together, as of a night, beside what a warehouse has accepted."""


def replay(source: Engine, target: Engine, scheme: Scheme, interpret: Interpret) -> int:
    """Bring the warehouse `source` about in the empty database `target`; how many things happened.

    `scheme` is that of now, to which the other warehouse is brought in the end, whether or not
    anything happened by it.

    Raises WarehouseError where `target` is not empty, where a scheme was not kept, or where it
    cannot come to the same, as when a file that was let in is read otherwise by this huizong.
    """
    if inspect(target).get_table_names():
        raise WarehouseError(
            "it is brought about in an empty database, and this one has tables; make an empty one"
        )
    with looking(source) as connection:
        happened = list(events(connection))
        named = list(dict.fromkeys(filter(None, (_scheme(event) for _, event in happened))))
        schemes = {name: scheme_of(connection, name) for name in named}
    schemes.setdefault(scheme.fingerprint, scheme)
    now = ""
    for at, event in happened:
        then = _scheme(event) or now or next(iter(schemes))
        if then != now:
            _bring(target, schemes[then], at)
            now = then
        _happen(target, schemes[now], at, event, interpret)
    _bring(target, scheme, datetime.now(UTC))
    return len(happened)


def _bring(target: Engine, scheme: Scheme, at: datetime) -> None:
    """Bring the other warehouse to a scheme, and to the key by which it tells persons apart."""
    upgrade(target, scheme)
    with target.begin() as connection:
        tell_apart(connection, scheme, Access(_WHO, "to make pseudonyms", at))


def _scheme(event: Event) -> str | None:
    """The fingerprint of the scheme by which something happened, where that is known."""
    match event:
        case Recorded() | Judged():
            return event.scheme
        case Reviewed():
            return event.review.scheme
        case Publication():
            return event.scheme_fingerprint
    return None


def _happen(
    target: Engine, scheme: Scheme, at: datetime, event: Event, interpret: Interpret
) -> None:
    match event:
        case Kept():
            with target.begin() as connection:
                load.keep(connection, event.received, at)
        case Recorded():
            for item in interpret(target, scheme, event.files, at):
                file = item.file
                with target.begin() as connection:
                    load.record(connection, scheme, file.sha256, file.reading, item.checked, at)
        case Reviewed():
            _review(target, scheme, event, interpret)
        case Closing():
            with target.begin() as connection:
                turn_period(connection, scheme.period(event.period), event.turn, event.decision)
        case Judged():
            judge_again(target, scheme, at)
        case Publication():
            with target.begin() as connection:
                _publish(connection, scheme, event)


def _review(target: Engine, scheme: Scheme, event: Reviewed, interpret: Interpret) -> None:
    decision = event.review.decision
    accepted = event.review.action is Action.ACCEPTED
    with target.begin() as connection:
        which = (filings.c.sha256 == event.sha256, filings.c.form == event.form)
        filing = connection.scalars(select(filings.c.id).where(*which)).one()
        again = verdicts.to_read_again(connection, filing, decision) if accepted else None
    lines: Filing | None = None
    if again is not None:
        received = Received(again.name, again.content, channel="replay")
        (item,) = interpret(target, scheme, [received], again.recorded_at)
        lines = next(f for f in item.file.reading.filings if f.form == event.form)
    with target.begin() as connection:
        match event.review.action:
            case Action.ACCEPTED:
                verdicts.let_in(connection, scheme, filing, lines, decision)
            case Action.RETURNED:
                verdicts.return_filing(connection, scheme, filing, decision)
            case Action.WITHDRAWN:
                verdicts.withdraw(connection, scheme, filing, decision)


def _publish(connection: Connection, scheme: Scheme, made: Publication) -> None:
    """Record a publication as it was; `publish --as-of` tells whether its files come out so."""
    contents = publication_contents(connection, scheme, made.period, made.as_of)
    if contents.serial != made.serial:
        raise WarehouseError(f"{made.period}/{made.folder} came out as number {contents.serial}")
    language = made.language or scheme.language
    record_publication(connection, contents, made.folder, made.files, language)
