"""Accepted filings judged again when what they are compared with has changed.

The rules between forms are asked of them once more, from the lines that the warehouse keeps, as
they were asked when they came. What no longer holds ends, what is found new is told; the filing
goes on counting until its county sends another or a steward decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, Engine

from schemas.consolidated.counterparts import Counterparts
from schemas.consolidated.figures import Accepted, wanted_between, wanted_lines
from schemas.filing import Checked, Filing
from schemas.models import Scheme
from warehouse.consolidation.figures import accepted_figures
from warehouse.engine import reading as looking
from warehouse.judging.judgements import Judgement, record_judgement
from warehouse.judging.overtaken import JudgeableFiling, judgeable, overtaken
from warehouse.lines.kept_lines import accepted_lines, kept_filing

_Files = Sequence[Mapping[JudgeableFiling, Filing]]
"""Filings by the file in which they came."""


def judge_again(engine: Engine, scheme: Scheme, at: datetime) -> list[Judgement]:
    """Judge once more what was overtaken; what became of each filing.

    All in one transaction, so that a night that is cut off has judged all or none; what was judged
    is not judged again before something else changes.
    """
    counterparts = Counterparts(scheme)
    with looking(engine) as connection:
        known = judgeable(connection)
        causes = overtaken(connection, counterparts, known)
        if not causes:
            return []
        files = [*_files(connection, scheme, counterparts, known, causes)]
        checked = [*_checked(connection, scheme, files)]
    with engine.begin() as connection:
        return [
            record_judgement(
                connection, scheme, of, causes[of], _asked(counterparts, of, came_out), at
            )
            for of, came_out in checked
            if of in causes
        ]


def _files(
    connection: Connection,
    scheme: Scheme,
    counterparts: Counterparts,
    known: Sequence[JudgeableFiling],
    causes: Mapping[JudgeableFiling, object],
) -> Iterator[Mapping[JudgeableFiling, Filing]]:
    """What was overtaken, with what it is compared with in the same file, put together again."""
    spoken_of = {
        (of.sha256, other) for of in causes for other in counterparts.with_others(of.source)
    }
    files: dict[str, dict[JudgeableFiling, Filing]] = {}
    for of in known:
        if of in causes or (of.sha256, of.source) in spoken_of:
            names = counterparts.columns(of.source.form, of.source.period)
            filing = kept_filing(connection, scheme, of.lines_of, names)
            files.setdefault(of.sha256, {})[of] = filing
    yield from files.values()


def _checked(
    connection: Connection, scheme: Scheme, files: _Files
) -> Iterator[tuple[JudgeableFiling, Checked]]:
    """How the rules between forms come out, beside what is accepted."""
    from expectations.between import validate_between  # seconds to import, and seldom needed
    from expectations.reduction import reduced

    returns = [[*of_file.values()] for of_file in files]
    filings = [filing for of_file in returns for filing in of_file]
    accepted = Accepted(
        accepted_figures(connection, scheme, wanted_between(scheme, filings)),
        accepted_lines(connection, scheme, wanted_lines(scheme, filings)),
    )
    found = validate_between(returns, scheme, accepted.figures, accepted.filings)
    for of_file, came_out in zip(files, found, strict=True):
        yield from zip(of_file, (reduced(scheme, one) for one in came_out), strict=True)


def _asked(counterparts: Counterparts, of: JudgeableFiling, came_out: Checked) -> Checked:
    """Only of rules that could be asked: no column was read that is personal."""
    rules = counterparts.askable(of.source.form, of.source.period)
    return Checked(
        tuple(finding for finding in came_out.findings if finding.rule in rules),
        tuple(result for result in came_out.results if result.check in rules),
    )
