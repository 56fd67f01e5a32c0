"""What became of each return that is owed for a period."""

from enum import StrEnum
from functools import cached_property

from schemas.findings import Severity, State
from warehouse.consolidation.contents import ConsolidatedRow, ConsolidatedTable, PublicationContents


class Standing(StrEnum):
    """What became of the return of one form that a county owes, or does not owe."""

    ACCEPTED = "accepted"
    PROVISIONAL = "unexplained"  # it counts, and is still to be amended or explained
    EARLIER = "earlier"  # a later one was refused, and the one before it still counts
    MISSING = "missing"
    REFUSED = "refused"
    NOT_OWED = "not_owed"


class Standings:
    """How the returns of a publication stand: a refused one left errors behind."""

    def __init__(self, contents: PublicationContents) -> None:
        self.contents = contents

    def of(self, table: ConsolidatedTable, row: ConsolidatedRow) -> Standing:
        """What became of the return of one county."""
        if row.reported is None:
            return Standing.NOT_OWED
        filer = self.contents.scheme.filer(table.form, row.unit)
        county, period = filer.code, self.contents.period.id
        refused = not self._errors.isdisjoint(
            {(county, None, period), (county, table.form.code, period)}
        )
        if row.reported:
            accepted = Standing.ACCEPTED
            if (county, table.form.name) in self._unexplained:
                accepted = Standing.PROVISIONAL
            return Standing.EARLIER if refused else accepted
        # A file of which no period is known may have been the return that is missing.
        refused = refused or (county, None, None) in self._errors
        return Standing.REFUSED if refused else Standing.MISSING

    @cached_property
    def _unexplained(self) -> frozenset[tuple[str | None, str | None]]:
        """County and form of every finding that is still to be amended or explained."""
        return frozenset(
            (filed.finding.county, filed.finding.form)
            for filed in self.contents.findings
            if filed.unexplained
        )

    @cached_property
    def _errors(self) -> frozenset[tuple[str | None, str | None, str | None]]:
        """County, form code and period of every error in what came and was not let in with it.

        No form where it is the whole file, no period where that is unknown.
        """
        return frozenset(
            (
                filed.finding.county,
                self.contents.scheme.form(form).code if (form := filed.finding.form) else None,
                filed.finding.period,
            )
            for filed in self.contents.findings
            if filed.finding.severity is Severity.ERROR
            and filed.sha256 is not None
            and filed.state is not State.ACCEPTED
            and not filed.counts
        )
