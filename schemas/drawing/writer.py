"""What all that writes a workbook knows: whose it is, and on which sheet a form stands."""

from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from schemas.drawing.styles import Styles
from schemas.layout import Layout
from schemas.models import OrgUnit, Scheme
from schemas.period import Period
from schemas.text import Language


@dataclass(frozen=True)
class Occasion:
    """Whose workbook it is, for which period, and in which language."""

    scheme: Scheme
    county: OrgUnit
    period: Period
    language: Language


class FormWriter:
    """Writes of one form what its subclass says."""

    def __init__(
        self, sheet: Worksheet, layout: Layout, styles: Styles, occasion: Occasion
    ) -> None:
        self.sheet = sheet
        self.layout = layout
        self.form = layout.form
        self.styles = styles
        self.occasion = occasion
        self.scheme = occasion.scheme
        self.language: Language = occasion.language
