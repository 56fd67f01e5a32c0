"""What is said of a form that stands on several sheets."""

from collections.abc import Sequence

from schemas.findings import CellRef, Finding
from schemas.models import Form
from schemas.place import Place
from schemas.text import Text


def repeated(form: Form, sheets: Sequence[str], place: Place) -> Finding:
    """That of several sheets the first is used."""
    return _told("sheet-repeated", form, sheets, place, kept=sheets[0])


def unclear(form: Form, sheets: Sequence[str], place: Place) -> Finding:
    """That of several sheets with different contents none is used."""
    return _told("form-several", form, sheets, place)


def _told(
    code: str, form: Form, sheets: Sequence[str], place: Place, **more: Text | str
) -> Finding:
    cells = [CellRef(sheet=sheet, address="A1") for sheet in sheets]
    return place.finding(code, cells, form=form.title, stated="、".join(sheets), **more)
