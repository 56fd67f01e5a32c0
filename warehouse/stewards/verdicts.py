"""A steward's decisions, recorded: a filing is let in, returned or withdrawn.

Recorded filings are never altered. What a decision puts in force has a term of its own, so that
every moment of the past still shows what counted then.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select
from sqlalchemy.exc import StatementError

from schemas.errors import WarehouseError
from schemas.filing import Filing
from schemas.findings import Finding
from schemas.messages import severity
from schemas.models import Form, Scheme
from schemas.period import Period
from warehouse.judging.reviews import Action, Decision, last_actions
from warehouse.lines.personal import Access, open_file
from warehouse.lines.rows import About, cannot_be_kept, insert_findings, insert_lines
from warehouse.stewards.standing import has_open_errors
from warehouse.tables import filings, org_units, reviews, terms
from warehouse.terms import end_term, live_now


@dataclass(frozen=True)
class FilingToLetIn:
    """Where a filing without kept lines is to be read from again."""

    sha256: str
    name: str
    content: bytes
    form: str
    recorded_at: datetime


def to_read_again(
    connection: Connection, filing_id: int, decision: Decision
) -> FilingToLetIn | None:
    """The file of a filing whose lines were not kept, as it was refused; None where they were.

    Who lets it in reads persons where the file has any, and this is written down. Raises
    WarehouseError when there is no such filing.
    """
    filing = _one(connection, filing_id)
    if filing.status == "accepted" or _had_a_term(connection, filing_id):
        return None
    access = Access(decision.by, decision.why, decision.at)
    name, content = open_file(connection, filing_id, access)
    return FilingToLetIn(filing.sha256, name, content, filing.form, filing.recorded_at)


def let_in(
    connection: Connection,
    scheme: Scheme,
    filing_id: int,
    lines: Filing | None,
    decision: Decision,
) -> None:
    """Let a filing count in spite of its errors, or again; `lines` are those of a refused one.

    One that counts and no longer agrees with another return is let stay. Raises WarehouseError
    when it counts without that, when a later one came, when it says nothing new, or when its lines
    cannot be kept: too large numbers, or a key that is on two lines.
    """
    filing = _filing(connection, filing_id)
    group = _group(connection, filing)
    # It says the same as the one that counted then, and that may not be the one that counts now.
    same = filing.status == "unchanged" and any(o.live and o.digest == filing.digest for o in group)
    if (filing.live or same) and has_open_errors(connection, filing_id):
        _require_newest(connection, filing, group, decision.at)
        _record(connection, scheme, filing_id, Action.ACCEPTED, decision)
        return
    if filing.live:
        raise WarehouseError(f"filing {filing_id} counts already")
    _require_newest(connection, filing, group, decision.at)
    if same:
        raise WarehouseError(f"filing {filing_id} says the same as the version before; review that")
    if lines is not None:
        _keep_lines(connection, scheme, filing, lines)
    for other in group:
        if other.live:
            end_term(connection, other.id, decision.at)
    review = _record(connection, scheme, filing_id, Action.ACCEPTED, decision)
    _begin_term(connection, review, filing_id, decision.at)


def return_filing(
    connection: Connection, scheme: Scheme, filing_id: int, decision: Decision
) -> None:
    """Return an accepted filing to its county; the one accepted before it counts again.

    Raises WarehouseError when it does not count.
    """
    filing = _filing(connection, filing_id)
    if not filing.live:
        raise WarehouseError(f"filing {filing_id} does not count, so it cannot be returned")
    review = _record(connection, scheme, filing_id, Action.RETURNED, decision)
    _put_back(connection, filing, review, decision.at)
    _tell(connection, scheme, filing, "filing-returned", filing_id, decision)


def withdraw(connection: Connection, scheme: Scheme, filing_id: int, decision: Decision) -> None:
    """Take a filing out as if it had not come; the one accepted before it counts again.

    Raises WarehouseError when it was withdrawn already.
    """
    filing = _filing(connection, filing_id)
    if last_actions(connection, decision.at).get(filing_id) is Action.WITHDRAWN:
        raise WarehouseError(f"filing {filing_id} was withdrawn already")
    review = _record(connection, scheme, filing_id, Action.WITHDRAWN, decision)
    if filing.live:
        _put_back(connection, filing, review, decision.at)
    _tell(connection, scheme, filing, "filing-withdrawn", None, decision)


# --- what is there --------------------------------------------------------------------------------


def _filing(connection: Connection, filing_id: int) -> Row[Any]:
    """A filing, with whether it counts; other decisions about its county wait."""
    county = org_units.c.code == _one(connection, filing_id).county_code
    connection.execute(select(org_units.c.code).where(county).with_for_update())
    return _one(connection, filing_id)


def _one(connection: Connection, filing_id: int) -> Row[Any]:
    query = select(filings, live_now().label("live")).where(filings.c.id == filing_id)
    filing = connection.execute(query).one_or_none()
    if filing is None:
        raise WarehouseError(f"there is no filing {filing_id}; `huizong review list` shows them")
    return filing


def _group(connection: Connection, filing: Row[Any]) -> Sequence[Row[Any]]:
    """Every filing of the same county, form and period, the newest first."""
    return connection.execute(
        select(filings, live_now().label("live"))
        .where(
            filings.c.form == filing.form,
            filings.c.county_code == filing.county_code,
            filings.c.period == filing.period,
        )
        .order_by(filings.c.version.desc())
    ).all()


def _require_newest(
    connection: Connection, filing: Row[Any], group: Sequence[Row[Any]], at: datetime
) -> None:
    actions = last_actions(connection, at)
    for other in group:
        if other.version > filing.version and actions.get(other.id) is not Action.WITHDRAWN:
            raise WarehouseError(
                f"a later version came after filing {filing.id}; withdraw filing {other.id} first"
            )


def _had_a_term(connection: Connection, filing_id: int) -> bool:
    term = select(terms.c.review_id).where(terms.c.filing_id == filing_id).limit(1)
    return connection.execute(term).first() is not None


# --- what is changed by it ------------------------------------------------------------------------


def _record(
    connection: Connection, scheme: Scheme, filing_id: int, action: Action, decision: Decision
) -> int:
    recorded: int = connection.execute(
        insert(reviews)
        .values(
            filing_id=filing_id,
            action=action.value,
            why=decision.why,
            reviewed_by=decision.by,
            reviewed_at=decision.at,
            scheme_fingerprint=scheme.fingerprint,
        )
        .returning(reviews.c.id)
    ).scalar_one()
    return recorded


def _begin_term(connection: Connection, review: int, filing_id: int, at: datetime) -> None:
    connection.execute(
        insert(terms).values(review_id=review, filing_id=filing_id, accepted_from=at)
    )


def _put_back(connection: Connection, filing: Row[Any], review: int, at: datetime) -> None:
    """Let the newest earlier filing count again that did count and that nobody took out."""
    end_term(connection, filing.id, at)
    actions = last_actions(connection, at)
    for earlier in _group(connection, filing):
        counted = earlier.status == "accepted" or _had_a_term(connection, earlier.id)
        standing = actions.get(earlier.id) in (None, Action.ACCEPTED)
        if earlier.version < filing.version and counted and standing:
            _begin_term(connection, review, earlier.id, at)
            return


def _keep_lines(connection: Connection, scheme: Scheme, filing: Row[Any], lines: Filing) -> None:
    form = _form(scheme, filing)
    if lines.digest(form) != filing.digest:
        raise WarehouseError(
            f"filing {filing.id} is read otherwise than when it was refused; have it sent again"
        )
    if cannot_be_kept(lines, form):
        raise WarehouseError(f"filing {filing.id} has numbers or keys too large to be kept")
    try:
        with connection.begin_nested():
            insert_lines(connection, form, lines, filing.id)
    except (StatementError, ValueError):
        raise WarehouseError(
            f"filing {filing.id} has lines that would be counted twice or that a typed column "
            "cannot hold; the county has to correct it"
        ) from None


def _tell(
    connection: Connection,
    scheme: Scheme,
    filing: Row[Any],
    code: str,
    filing_id: int | None,
    decision: Decision,
) -> None:
    """Tell the county: of its filing, or of the file where the filing is as if it had not come."""
    told = Finding(
        code=code,
        severity=severity(code),
        parameters={
            "form": _form(scheme, filing).title,
            "version": str(filing.version),
            "by": decision.by,
            "why": decision.why,
        },
    )
    about = About(filing.sha256, filing.county_code, filing.period, filing.form, filing_id)
    insert_findings(connection, [told], about, decision.at)


def _form(scheme: Scheme, filing: Row[Any]) -> Form:
    return scheme.at(Period.parse(filing.period)).form(filing.form)
