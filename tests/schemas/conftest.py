"""The printed figures, and the sample returns of every sampled period, made once."""

from collections.abc import Mapping, Sequence

import pytest

from schemas.language.expression import Value
from schemas.models import Scheme
from schemas.sample import sample_lines
from schemas.sample.spec import sampled_periods
from schemas.scheme import CATALOG
from tests.facts import rows

Returns = Mapping[str, Mapping[str, Sequence[Mapping[str, Value | None]]]]


@pytest.fixture(scope="session")
def facts() -> dict[str, dict[str, str]]:
    """The printed figures by their ids."""
    return {row["fact_id"]: row for row in rows("facts.csv")}


@pytest.fixture(scope="session")
def returns(scheme: Scheme) -> dict[str, Returns]:
    """The lines of the sample returns of 临汾, by period, county and form."""
    linfen = CATALOG / "linfen"
    return {period.id: sample_lines(scheme, linfen, period) for period in sampled_periods(linfen)}
