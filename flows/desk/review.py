"""What a steward decides at the desk: see the filings, let one in, return it, withdraw it.

Each decision has a name and a reason and is recorded for ever; publications follow with the next
night, or with `huizong publish`.
"""

from collections.abc import Sequence
from pathlib import Path

from flows.configuration.settings import Site
from flows.counties import find_county
from flows.house import House, closing_houses, look_into, open_house
from flows.lock import alone
from flows.moments import moment_of
from schemas.errors import SettingsError, WarehouseError
from schemas.filing import Filing, Received
from warehouse.engine import reading as looking
from warehouse.judging import explanations
from warehouse.judging.reviews import Action, Decision
from warehouse.stewards import worklist
from warehouse.stewards.worklist import ListedFiling


def listed(
    folder: Path, period: str | None, county: str | None, as_of: str | None, *, everything: bool
) -> tuple[House, list[ListedFiling]]:
    """The filings to decide about, or all of them, of all periods and counties or of one."""
    with look_into(str(folder), as_of) as house, looking(house.engine) as connection:
        then = moment_of(house.site, as_of)
        scheme = house.scheme
        code = find_county(scheme, county).code if county else None
        entries = [scheme.period(period)] if period else scheme.periods
        found = [
            filing
            for entry in entries
            for filing in worklist.worklist(connection, scheme, entry, then)
            if code in (None, filing.county) and (everything or not filing.settled)
        ]
    return house, found


def person(folder: Path, filing_id: int, row: int, why: str, by: str) -> Sequence[tuple[str, str]]:
    """The personal data of a line, once it is recorded who looks and why.

    Raises SettingsError without a name and a reason, WarehouseError where there is no such line.
    """
    from warehouse.lines.personal import Access, look_up

    if not why.strip() or not by.strip():
        raise SettingsError("say why (--why) and who looks (--by)")
    with closing_houses():
        house = open_house(str(folder.resolve()))
        access = Access(by.strip(), why.strip(), house.moment())
        with house.engine.begin() as connection:
            found = look_up(connection, house.scheme, filing_id, row, access)
    return found.values


def decide(folder: Path, filing_id: int, action: Action, why: str, by: str) -> None:
    """Record a decision. Raises SettingsError without a name and a reason, WarehouseError where
    it cannot be.
    """
    from warehouse.stewards import verdicts

    with alone(Site(folder).folder), closing_houses():
        house = open_house(str(folder.resolve()))
        decision = decision_at(house, why, by)
        lines = _read_again(house, filing_id, decision) if action is Action.ACCEPTED else None
        with house.engine.begin() as connection:
            match action:
                case Action.ACCEPTED:
                    verdicts.let_in(connection, house.scheme, filing_id, lines, decision)
                case Action.RETURNED:
                    verdicts.return_filing(connection, house.scheme, filing_id, decision)
                case Action.WITHDRAWN:
                    verdicts.withdraw(connection, house.scheme, filing_id, decision)


def reject(folder: Path, explanation: int, why: str, by: str) -> None:
    """Record that an explanation is not accepted. Raises SettingsError without a name and a
    reason, WarehouseError where it cannot be.
    """
    with alone(Site(folder).folder), closing_houses():
        house = open_house(str(folder.resolve()))
        decision = decision_at(house, why, by)
        with house.engine.begin() as connection:
            explanations.reject(connection, explanation, decision)


def decision_at(house: House, why: str, by: str) -> Decision:
    """A decision that is made now. Raises SettingsError without a name and a reason."""
    if not why.strip() or not by.strip():
        raise SettingsError("say why (--why) and who decides (--by)")
    return Decision(why.strip(), by.strip(), house.moment())


def _read_again(house: House, filing_id: int, decision: Decision) -> Filing | None:
    """The lines of a refused filing, which were not kept, read from its bytes."""
    from flows.checking import reading
    from warehouse.stewards import verdicts

    with house.engine.begin() as connection:
        source = verdicts.to_read_again(connection, filing_id, decision)
    if source is None:
        return None
    received = Received(source.name, source.content, channel="desk")
    read = reading.read(house.scheme, received, source.recorded_at.date())
    for filing in read.filings:
        if filing.form == source.form:
            return filing
    raise WarehouseError(
        f"filing {filing_id} can no longer be read from its file; have it sent again"
    )
