"""What a clerk of 汾西县 sends: the sample lines of a few forms, in a workbook."""

from collections.abc import Callable, Mapping, Sequence

from openpyxl.worksheet.worksheet import Worksheet

from schemas.language.expression import Value
from schemas.models import Scheme
from schemas.period import Period
from schemas.sample import sample_lines
from schemas.scheme import CATALOG, load_scheme
from schemas.template.template import write_workbook
from tests.few import FEW

LINFEN = CATALOG / "linfen"
FENXI = "141034"
H1 = Period.parse("2003H1")

SITES = "R02 移民搬迁(易地扶贫搬迁)进度表"
BIOGAS = "R04 沼气池建设进度表"
FUNDS = "R07 扶贫资金到位与拨付表"

Edit = Callable[[Worksheet], object]


def sent(scheme: Scheme, period: Period) -> bytes:
    """The workbook of a period, by a scheme that has the few forms."""
    return write_workbook(scheme, scheme.county(FENXI), period, sample_of(period))


def sample_of(period: Period) -> Mapping[str, Sequence[Mapping[str, Value | None]]]:
    """The lines of 汾西县, which are made from those of all forms."""
    lines = sample_lines(load_scheme(LINFEN), LINFEN, period)[FENXI]
    return {form: of_form for form, of_form in lines.items() if form in FEW}
