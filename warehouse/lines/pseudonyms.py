"""Persons told apart without being known: HMAC-SHA256 of what identifies them, by the site's key.

A plain hash of an ID number is undone by trying the few numbers there can be; that of a secret key
is not. By one key the same number has the same pseudonym in every form, county and period.
"""

from collections.abc import Callable
from hashlib import sha256

from sqlalchemy import Connection, delete, insert, inspect, select

from schemas.errors import WarehouseError
from schemas.models import Form, Scheme
from warehouse.engine import KEY
from warehouse.tables import pseudonym_keys

_BLOCK = 64  # bytes that SHA-256 takes in at a time


def pseudonyms_by_key(connection: Connection) -> Callable[[object], str]:
    """What gives a value, as it is written, its pseudonym: 64 hexadecimal digits.

    Raises WarehouseError where the warehouse was opened without a key.
    """
    key = connection.get_execution_options()[KEY]
    if key is None:
        raise WarehouseError("the warehouse was opened without the key that tells persons apart")

    # HMAC by its definition (RFC 2104): the module hmac takes twice as long for so short a text.
    block = (key if len(key) <= _BLOCK else sha256(key).digest()).ljust(_BLOCK, b"\0")
    inner = sha256(bytes(byte ^ 0x36 for byte in block))
    outer = sha256(bytes(byte ^ 0x5C for byte in block))

    def pseudonym(value: object) -> str:
        of_value, of_both = inner.copy(), outer.copy()
        of_value.update(str(value).encode())
        of_both.update(of_value.digest())
        return of_both.hexdigest()

    return pseudonym


def told_apart_otherwise(connection: Connection, scheme: Scheme) -> list[Form]:
    """The forms whose kept lines are not told apart by the key of this connection."""
    forms = [form for form in scheme.forms if form.pseudonymous]
    if not forms or not inspect(connection).has_table(pseudonym_keys.name):
        return forms
    by_key = select(pseudonym_keys).where(pseudonym_keys.c.mark == _mark(connection))
    made = {(row.form, row.indicator) for row in connection.execute(by_key)}
    return [f for f in forms if not made.issuperset((f.name, i.name) for i in f.pseudonymous)]


def require_key(connection: Connection, scheme: Scheme) -> None:
    """Raise WarehouseError unless kept lines are told apart by the key of this connection."""
    if forms := told_apart_otherwise(connection, scheme):
        raise WarehouseError(
            f"persons in {', '.join(form.name for form in forms)} are told apart by another key "
            "than that of this site: put the right one back, or run `huizong warehouse upgrade` "
            "as the owner of the database"
        )


def note_key(connection: Connection, form: Form) -> None:
    """Note that the kept lines of a form are told apart by the key of this connection."""
    mark = _mark(connection)
    connection.execute(delete(pseudonym_keys).where(pseudonym_keys.c.form == form.name))
    columns = [{"form": form.name, "indicator": i.name, "mark": mark} for i in form.pseudonymous]
    connection.execute(insert(pseudonym_keys), columns)


def _mark(connection: Connection) -> str:
    return pseudonyms_by_key(connection)("huizong")
