import pytest

from schemas.models import Scheme
from schemas.origin.file_name import named_county, named_period


@pytest.mark.parametrize(
    ("name", "code", "period"),
    [
        ("2015/141021-曲沃县-2015.xlsx", "141021", "2015"),
        ("隰縣 2003H1.xls", "141031", "2003H1"),
        ("2003h1_吉县_更正.xlsx", "141028", "2003H1"),
        ("曲沃县和翼城县.xlsx", None, None),
        ("141021-翼城县.xlsx", None, None),
        ("报表12015.xlsx", None, None),
        ("2003H1 2015.xlsx", None, None),
    ],
)
def test_a_file_name_names_one_county_and_one_period_or_none(
    scheme: Scheme, name: str, code: str | None, period: str | None
) -> None:
    county = named_county(name, scheme)
    assert (county.code if county else None) == code
    assert named_period(name, scheme) == period
