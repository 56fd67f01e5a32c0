"""When a filing is the one that counts: from its acceptance on, and whenever a steward says so."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, exists, or_, update

from warehouse.tables import filings, terms


def live_at(moment: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a filing was the one that counts at a moment."""
    return or_(
        and_(
            filings.c.accepted_from <= moment,
            or_(filings.c.accepted_to.is_(None), moment < filings.c.accepted_to),
        ),
        exists().where(
            terms.c.filing_id == filings.c.id,
            terms.c.accepted_from <= moment,
            or_(terms.c.accepted_to.is_(None), moment < terms.c.accepted_to),
        ),
    )


def live_now() -> ColumnElement[bool]:
    """Whether a filing is the one that counts."""
    return or_(
        and_(filings.c.accepted_from.is_not(None), filings.c.accepted_to.is_(None)),
        exists().where(terms.c.filing_id == filings.c.id, terms.c.accepted_to.is_(None)),
    )


def end_term(connection: Connection, filing_id: int, at: datetime) -> None:
    """Let the filing that counts no longer do so."""
    counts = filings.c.accepted_from.is_not(None) & filings.c.accepted_to.is_(None)
    connection.execute(
        update(filings).where(filings.c.id == filing_id, counts).values(accepted_to=at)
    )
    again = terms.c.accepted_to.is_(None)
    connection.execute(
        update(terms).where(terms.c.filing_id == filing_id, again).values(accepted_to=at)
    )
