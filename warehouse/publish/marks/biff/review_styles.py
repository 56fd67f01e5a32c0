"""How the review at the front of a marked .xls looks: the styles of its cells."""

from warehouse.publish.marks.biff.styles import PLAIN, Styles
from warehouse.publish.marks.marking import HEAD_SIZES
from warehouse.publish.marks.review_rows import ReviewStyles
from warehouse.publish.sheets import HEADING, INK, LINE, LINK, MUTED, SEVERITY_FILLS

_LEFT, _CENTRE, _WRAPPED, _MIDDLE, _INDENT = 1, 2, 8, 0x10, 0x10000


def review_styles(styles: Styles, font: str) -> ReviewStyles:
    """Those styles, added to the others of a workbook."""
    centre, left = _WRAPPED | _MIDDLE | _CENTRE, _WRAPPED | _MIDDLE | _LEFT | _INDENT
    plain = styles.font(font, 10, colour=INK)
    bold = styles.font(font, 10, bold=True, colour=INK)
    link = styles.font(font, 10, link=True, colour=LINK)
    title, *others, signature = HEAD_SIZES
    fonts = (
        styles.font(font, title, bold=True, colour=INK),
        *(styles.font(font, size, colour=INK) for size in others),
        styles.font(font, signature, colour=MUTED),
    )
    own = styles.palette.own
    return ReviewStyles(
        heads=tuple(styles.style(font) for font in fonts),
        heading=styles.style(bold, align=centre, fill=own(HEADING), border=LINE),
        left=styles.style(plain, align=left, border=LINE),
        centred=styles.style(plain, align=centre, border=LINE),
        link=styles.style(link, align=centre, border=LINE),
        severities={
            severity: styles.style(plain, align=centre, fill=own(colour), border=LINE)
            for severity, colour in SEVERITY_FILLS.items()
        },
        plain=PLAIN,
    )
