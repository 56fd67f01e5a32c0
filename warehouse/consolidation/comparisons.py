"""A figure beside what it should equal, as plain values: made by `compare`, drawn by `publish`."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from schemas.models import Form, OrgUnit
from schemas.text import Text


class Against(StrEnum):
    """What a figure is compared with."""

    PLAN = "plan"
    EARLIER = "earlier"  # figures of an earlier period
    FORM = "form"  # another form, also what the city issued or published
    LINES = "lines"  # the lines of a register, added up
    COUNTIES = "counties"  # what the counties' returns make, where the city states the total
    PUBLICATION = "publication"  # the same figure as it was published last


class DifferenceCause(StrEnum):
    """Why a county's figure is not what it should equal.

    Beside the last publication `late` and `refused` are returns that were so then or are so now.
    """

    AGREES = "agrees"
    ROUNDING = "rounding"  # no more than what the stated decimals leave open
    LATE = "late"  # its return has not come
    REFUSED = "refused"  # its return was refused
    COVERAGE = "coverage"  # there is nothing to compare it with, or a blank
    REVISED = "revised"  # it agreed when it was published before
    SCHEME = "scheme"  # the same returns, worked out by another scheme
    DIFFERS = "differs"
    COUNTIES = "counties"  # the municipality: what its counties make together


@dataclass(frozen=True)
class ComparedFigure:
    """A figure of a county or of the municipality beside what it should equal.

    `stated` and `expected` are None where they are unknown; an unknown one adds nothing to the
    municipal figure, so that `difference` adds up over the counties.
    """

    rule: str
    form: Form
    label: Text
    against: Against
    against_form: Form | None
    unit: OrgUnit
    stated: Decimal | None
    expected: Decimal | None
    cause: DifferenceCause

    @property
    def difference(self) -> Decimal:
        """By how much more is stated than expected."""
        return (self.stated or Decimal(0)) - (self.expected or Decimal(0))
