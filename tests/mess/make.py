"""Returns of a few forms with some kinds of mess, the same each time."""

from collections.abc import Iterator
from itertools import count
from random import Random

from schemas.models import Scheme
from schemas.period import Period
from schemas.sample import sample_lines
from schemas.scheme import CATALOG
from tests.mess import (
    kinds_around,
    kinds_columns,
    kinds_headings,
    kinds_rows,
    kinds_values,
    kinds_whose,
)
from tests.mess.kinds import KINDS
from tests.mess.page import Return, page_of

PERIOD = Period.parse("2003H1")
FORMS = ("biogas", "relocation_survey", "relocation_progress", "fund_arrival", "training")
_COUNTIES = ("141034", "141031", "141028", "141027", "141030")
_AT_ONCE = 3
_REGISTERED = (
    *(kinds_values, kinds_columns, kinds_headings),
    *(kinds_rows, kinds_around, kinds_whose),
)


class Maker:
    """Makes returns of the sample's lines."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.lines = sample_lines(scheme, CATALOG / "linfen", PERIOD)

    def plain(self, random: Random) -> Return:
        """A return of two forms of a county, made by hand and without any mess."""
        county = self.scheme.county(random.choice(_COUNTIES))
        forms = [self.scheme.form(name) for name in random.sample(FORMS, 2)]
        pages = [
            (form.title.zh[:8], page_of(form, self.scheme, county, PERIOD, lines))
            for form in forms
            if (lines := list(self.lines[county.code][form.name]))
        ]
        return Return(f"{PERIOD}/{county.name.zh}.xlsx", pages)

    def messy(self, kinds: tuple[str, ...], random: Random) -> Return:
        """A return with these kinds of mess; others are drawn until all can be made of one."""
        for _ in range(200):
            made = self.plain(random)
            if all(KINDS[name](made, random) for name in kinds):
                return made
        raise AssertionError(f"no return can have {kinds}")

    def alone(self) -> Iterator[tuple[tuple[str, ...], Return]]:
        """Every kind of mess by itself."""
        for number, name in enumerate(KINDS):
            yield (name,), self.messy((name,), Random(number))

    def together(self) -> Iterator[tuple[tuple[str, ...], Return]]:
        """Three kinds at once, drawn at random, without end."""
        for number in count():
            random = Random(10_000 + number)
            kinds = tuple(random.sample(sorted(KINDS), _AT_ONCE))
            for _ in range(40):
                made = self.plain(random)
                if all(KINDS[name](made, random) for name in kinds):
                    yield kinds, made
                    break
