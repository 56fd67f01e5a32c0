"""The check sheet and the suites agree; `make agreement` shows it for many more returns."""

from itertools import islice

from schemas.models import Scheme
from tests.agreement.__main__ import random_fillings
from tests.agreement.compare import disagreements, on_sheet
from tests.agreement.evaluate import worked_out


def test_the_same_checks_fail_on_the_check_sheet_and_in_the_suites(scheme: Scheme) -> None:
    made = list(islice(random_fillings(scheme), 5))
    pairs = [(each, worked_out(each.content)) for each in made]
    assert list(disagreements(pairs)) == []
    failing = {check for each, content in pairs for _, check in on_sheet(each, content)}
    assert len(failing) > 20
