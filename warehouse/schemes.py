"""The schemes that the warehouse was ever brought to, so that any night is shown by its own."""

from datetime import datetime

from sqlalchemy import Connection, insert, literal, select, union_all

from schemas.errors import WarehouseError
from schemas.models import Scheme
from warehouse.tables import filings, publications, schemes


def keep_scheme(connection: Connection, scheme: Scheme) -> None:
    """Keep a scheme as it is; one that is kept already is left as it is."""
    known = select(schemes.c.version).where(schemes.c.fingerprint == scheme.fingerprint)
    if connection.execute(known).first() is None:
        connection.execute(
            insert(schemes).values(
                fingerprint=scheme.fingerprint,
                version=scheme.version,
                scheme=scheme.model_dump_json(),
            )
        )


def scheme_of(connection: Connection, fingerprint: str) -> Scheme:
    """The scheme with a fingerprint. Raises WarehouseError when it was never kept."""
    kept = connection.scalar(select(schemes.c.scheme).where(schemes.c.fingerprint == fingerprint))
    if kept is None:
        raise WarehouseError(
            f"the scheme {fingerprint[:12]}… is not in the warehouse; it was replaced before "
            "huizong kept schemes, so what was known then cannot be shown as it was"
        )
    return Scheme.model_validate_json(kept)


def scheme_at(connection: Connection, as_of: datetime) -> Scheme:
    """The scheme by which the last night up to a moment worked.

    Raises WarehouseError when there was none, or when its scheme was not kept.
    """
    used = union_all(
        select(filings.c.recorded_at.label("at"), filings.c.scheme_fingerprint),
        select(publications.c.as_of, publications.c.scheme_fingerprint),
    ).subquery("used")
    fingerprint = connection.scalar(
        select(used.c.scheme_fingerprint)
        .where(used.c.at <= literal(as_of, used.c.at.type))
        .order_by(used.c.at.desc())
        .limit(1)
    )
    if fingerprint is None:
        raise WarehouseError(f"nothing was recorded up to {as_of:%Y-%m-%d %H:%M} UTC")
    return scheme_of(connection, fingerprint)
