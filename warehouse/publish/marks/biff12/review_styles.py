"""How the review at the front of a marked .xlsb looks: the formats of its cells."""

from warehouse.publish.marks.biff12.cells import PLAIN
from warehouse.publish.marks.biff12.styles import Styles
from warehouse.publish.marks.marking import HEAD_SIZES
from warehouse.publish.marks.review_rows import ReviewStyles
from warehouse.publish.sheets import HEADING, INK, LINE, LINK, MUTED, SEVERITY_FILLS

_LEFT, _CENTRE, _MIDDLE, _WRAPPED = 1, 2, 0x08, 0x40


def review_styles(styles: Styles, font: str) -> ReviewStyles:
    """Those formats, added to the others of a workbook."""
    centre, left = _WRAPPED | _MIDDLE | _CENTRE, _WRAPPED | _MIDDLE | _LEFT
    plain = styles.font(font, 10, colour=INK)
    bold = styles.font(font, 10, bold=True, colour=INK)
    link = styles.font(font, 10, link=True, colour=LINK)
    title, *others, signature = HEAD_SIZES
    heads = (
        styles.font(font, title, bold=True, colour=INK),
        *(styles.font(font, size, colour=INK) for size in others),
        styles.font(font, signature, colour=MUTED),
    )
    return ReviewStyles(
        heads=tuple(styles.format(head, align=_MIDDLE) for head in heads),
        heading=styles.format(bold, align=centre, fill=HEADING, border=LINE),
        left=styles.format(plain, align=left, indent=1, border=LINE),
        centred=styles.format(plain, align=centre, border=LINE),
        link=styles.format(link, align=centre, border=LINE),
        severities={
            severity: styles.format(plain, align=centre, fill=colour, border=LINE)
            for severity, colour in SEVERITY_FILLS.items()
        },
        plain=PLAIN,
    )
