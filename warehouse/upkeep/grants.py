"""Who may see and do what in a warehouse on PostgreSQL, as statements for whoever runs the server.

Three groups, which people and programs are made members of:

    huizong_reader    dashboards: reads the contract and nothing else
    huizong_steward   reads what was received and decided, and decides; reads a person, or the file
                      of a filing that is let in, only through a door that writes it down
    huizong_loader    the night: records, accepts, publishes; reads what comes, writes down the
                      persons in it, cannot read them again, and tells them apart by pseudonyms

What is kept of names, numbers and phones is read through `warehouse.lines.personal` alone.
"""

from collections.abc import Iterator

from schemas.models import Scheme
from warehouse import tables
from warehouse.engine import PERSONAL
from warehouse.form_tables import line_table, pseudonym_table
from warehouse.mart import tables as mart
from warehouse.mart.view import SCHEMA

READER, STEWARD, LOADER = "huizong_reader", "huizong_steward", "huizong_loader"

_ROLES = ", ".join((READER, STEWARD, LOADER))
_BASE = "public"

# What anybody may call by default, and would fill the disk of the server.
_LARGE_OBJECTS = (
    "lo_creat(integer)", "lo_create(oid)", "lo_from_bytea(oid, bytea)", "lo_open(oid, integer)",
    "lo_put(oid, bigint, bytea)", "lo_unlink(oid)", "lo_get(oid)",
)  # fmt: skip


def grants(scheme: Scheme) -> Iterator[str]:
    """The statements, each whole, to be run after every upgrade, by the owner of the database or
    the administrator of the server: a role that may create roles.

    Running them again changes nothing.
    """
    for role in (READER, STEWARD, LOADER):
        yield _unless(f"CREATE ROLE {role} NOLOGIN", "duplicate_object")
    yield from _nothing_by_default()
    yield from _of_reader()
    yield from _of_steward(scheme)
    yield from _of_loader(scheme)


def _nothing_by_default() -> Iterator[str]:
    yield (
        "DO $$ BEGIN EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database()); "
        f"EXECUTE format('GRANT CONNECT ON DATABASE %I TO {_ROLES}', current_database()); END $$"
    )
    yield f"GRANT ALL ON SCHEMA {_BASE} TO CURRENT_USER"
    yield _as_owner(f"CREATE SCHEMA IF NOT EXISTS {PERSONAL} AUTHORIZATION %I")
    for schema in (_BASE, SCHEMA, PERSONAL):
        yield f"REVOKE ALL ON SCHEMA {schema} FROM PUBLIC, {_ROLES}"
        yield f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM PUBLIC, {_ROLES}"
    for function in _LARGE_OBJECTS:
        yield _unless(
            f"REVOKE EXECUTE ON FUNCTION pg_catalog.{function} FROM PUBLIC",
            "insufficient_privilege",
        )


def _of_reader() -> Iterator[str]:
    yield from _select(SCHEMA, READER)


def _of_steward(scheme: Scheme) -> Iterator[str]:
    yield from _select(SCHEMA, STEWARD)
    yield from _select(_BASE, STEWARD)
    # The files themselves hold what forms keep apart.
    shown = [c.name for c in tables.submissions.columns if c is not tables.submissions.c.content]
    yield f"REVOKE ALL ON {tables.submissions.name} FROM {STEWARD}"
    yield f"GRANT SELECT ({', '.join(shown)}) ON {tables.submissions.name} TO {STEWARD}"
    decided = (
        tables.reviews, tables.terms, tables.findings, tables.rejections, tables.closings,
    )  # fmt: skip
    yield f"GRANT INSERT ON {', '.join(table.name for table in decided)} TO {STEWARD}"
    yield from _ends_terms(STEWARD)
    yield from _keeps_lines(scheme, STEWARD)  # of a refused filing that is let in
    yield f"GRANT EXECUTE ON FUNCTION open_file, open_line TO {STEWARD}"


def _of_loader(scheme: Scheme) -> Iterator[str]:
    yield from _select(SCHEMA, LOADER)
    yield from _select(_BASE, LOADER)
    came = (
        tables.submissions, tables.receipts, tables.filings, tables.findings, tables.check_results,
        tables.judgements, tables.explanations, tables.publications, tables.notices,
        mart.figures, mart.returns, mart.findings, mart.comparisons, mart.areas,
    )  # fmt: skip
    yield f"GRANT INSERT ON {', '.join(table.name for table in came)} TO {LOADER}"
    read = "recorded_at, county_code, period, answers, scheme_fingerprint"
    yield f"GRANT UPDATE ({read}) ON {tables.submissions.name} TO {LOADER}"
    for table in (mart.figures, mart.returns, mart.findings, mart.comparisons, mart.areas):
        yield f"GRANT UPDATE ({mart.UNTIL}) ON {table.name} TO {LOADER}"
    yield from _ends_terms(LOADER)
    yield from _keeps_lines(scheme, LOADER)
    for form in scheme.forms:
        if (pseudonyms := pseudonym_table(form)) is not None:
            yield f"GRANT SELECT ON {PERSONAL}.{pseudonyms.name} TO {LOADER}"


def _select(schema: str, role: str) -> Iterator[str]:
    """Reading everything of a schema, also what an upgrade makes anew."""
    yield f"GRANT USAGE ON SCHEMA {schema} TO {role}"
    yield f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {role}"
    if schema == SCHEMA:
        anew = f"IN SCHEMA {schema} GRANT SELECT ON TABLES TO {role}"
        yield _as_owner(f"ALTER DEFAULT PRIVILEGES FOR ROLE %I {anew}")
    else:
        yield f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {role}"


def _ends_terms(role: str) -> Iterator[str]:
    for table in (tables.filings, tables.terms):
        yield f"GRANT UPDATE (accepted_to) ON {table.name} TO {role}"
    # Who writes about a county locks its row, so that two do not at the same time.
    yield f"GRANT UPDATE (ordinal) ON {tables.org_units.name} TO {role}"


def _keeps_lines(scheme: Scheme, role: str) -> Iterator[str]:
    """Writing the lines of filings, persons in them included, which it cannot read again."""
    lines = [table.name for table in (tables.typed, *map(line_table, scheme.forms))]
    yield f"GRANT INSERT ON {', '.join(lines)} TO {role}"
    yield f"GRANT USAGE ON SCHEMA {PERSONAL} TO {role}"
    yield f"GRANT INSERT ON ALL TABLES IN SCHEMA {PERSONAL} TO {role}"


def _as_owner(statement: str) -> str:
    """A statement with the owner of the database, who makes the views, for `%I`."""
    owner = "(SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database())"
    return f"DO $$ BEGIN EXECUTE format('{statement}', {owner}); END $$"


def _unless(statement: str, condition: str) -> str:
    return f"DO $$ BEGIN {statement}; EXCEPTION WHEN {condition} THEN NULL; END $$"
