"""Filings made by hand: what a reader would have read, without a workbook."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine

from schemas.answers import Answers
from schemas.filing import NIL, ROW, Checked, Filing, Reading, Received, typed_frame
from schemas.findings import CheckResult, Finding
from schemas.models import Scheme
from warehouse.consolidation.consolidate import consolidated_table
from warehouse.consolidation.contents import ConsolidatedTable, FiledFinding, PublicationContents
from warehouse.loading.load import FilingOutcome, keep, record
from warehouse.publications import record_publication
from warehouse.stewards.publication_contents import publication_contents

FIRST_NIGHT = datetime(2016, 1, 4, 18, 30, tzinfo=UTC)

FIRST_ROW = 5


@dataclass(frozen=True)
class House:
    """A warehouse, and the few things that tests do with it. Nights are numbered from 1."""

    engine: Engine
    scheme: Scheme

    def night(self, number: int) -> datetime:
        return FIRST_NIGHT + timedelta(days=number - 1)

    def filing(
        self,
        form_name: str,
        county: str,
        *lines: Mapping[str, object],
        period: str = "2015",
        findings: Sequence[Finding] = (),
    ) -> Filing:
        """Indicators stand in columns B, C, …, lines in rows 5, 6, …; without a line it is nil."""
        form = self.scheme.form(form_name)
        rows = [{ROW: FIRST_ROW + n, NIL: None, **line} for n, line in enumerate(lines)]
        letters = "BCDEFGHIJKLMNOPQRSTUVWXYZ"
        return Filing(
            form=form.name,
            county=county,
            period=period,
            sheet=form.sheet_name,
            frame=typed_frame(form, rows),
            columns={i.name: letters[n] for n, i in enumerate(form.indicators)},
            declared_nil=not lines,
            findings=tuple(findings),
        )

    def submit(
        self,
        *filings: Filing,
        night: int = 1,
        name: str = "return.xlsx",
        content: bytes | None = None,
        findings: Sequence[Finding] = (),
        results: Sequence[CheckResult] = (),
        county: str | None = None,
        period: str | None = None,
        answers: Answers | None = None,
    ) -> tuple[FilingOutcome, ...]:
        """Keep and record one file with these filings in it."""
        if content is None:
            content = repr((name, night, county, [f.frame.to_dict() for f in filings])).encode()
        if filings:
            county, period = filings[0].county, filings[0].period
        received = Received(name, content, "folder")
        reading = Reading(county, period, filings, tuple(findings), answers)
        checked = [Checked((), tuple(results)) for _ in filings]
        with self.engine.begin() as connection:
            keep(connection, received, self.night(night))
        with self.engine.begin() as connection:
            at = self.night(night)
            return record(connection, self.scheme, received.sha256, reading, checked, at)

    def table(self, form_name: str, *, night: int = 1, period: str = "2015") -> ConsolidatedTable:
        form = self.scheme.form(form_name)
        with self.engine.connect() as connection:
            return consolidated_table(connection, self.scheme, form, period, self.night(night))

    def contents(self, *, night: int = 1, period: str = "2015") -> PublicationContents:
        with self.engine.connect() as connection:
            return publication_contents(connection, self.scheme, period, self.night(night))

    def told(self, *, night: int = 1, period: str = "2015") -> list[FiledFinding]:
        """What a publication says of what came; returns that did not come are left out."""
        found = self.contents(night=night, period=period).findings
        return [filed for filed in found if filed.file_name is not None]

    def publish(self, *, night: int = 1, period: str = "2015") -> PublicationContents:
        contents = self.contents(night=night, period=period)
        with self.engine.begin() as connection:
            files = {"a.csv": "0" * 64}
            record_publication(connection, contents, f"{contents.serial:04}", files, "zh")
        return contents


@pytest.fixture
def house(engine: Engine, few: Scheme) -> House:
    return House(engine, few)
