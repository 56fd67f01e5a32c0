"""What a rule may say of the period it is asked of: its days, its last day, its year.

`last_update ≤ end(period)`, `days ≤ days(period)`, `delist_year ≤ year(period)`. In the scheme of a
period these are constants, so that whatever is compiled from a rule knows only those.
"""

import re
from typing import Literal, get_args

from schemas.period import Period

PeriodWord = Literal["days", "end", "year"]

WORDS: tuple[PeriodWord, ...] = get_args(PeriodWord)
"""What can be said of a period: how many days it has, its last day, its year."""

_SAID = re.compile(rf"\b({'|'.join(WORDS)})\s*\(\s*period\s*\)")


def speaks_of_period(statement: str | None) -> bool:
    """Whether a statement says anything of the period it is asked of."""
    return statement is not None and _SAID.search(statement) is not None


def said_of(statement: str, period: Period) -> str:
    """A statement with what it says of its period as constants.

    >>> said_of("down_hours <= 24 * days(period)", Period.parse("2003H1"))
    'down_hours <= 24 * 181'
    >>> said_of("last_update <= end(period)", Period.parse("2003H1"))
    "last_update <= day('2003-06-30')"
    """
    constants = {
        "days": str((period.end - period.start).days + 1),
        "end": f"day('{period.end.isoformat()}')",
        "year": str(period.year),
    }
    return _SAID.sub(lambda found: constants[found[1]], statement)
