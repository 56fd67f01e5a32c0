"""The kinds of the records of an .xlsb that marks have to do with."""

# Of all parts: what only some programs understand
FUTURE, FUTURE_END, ALTERNATIVE, ALTERNATIVE_END = 35, 36, 37, 38

# Of the workbook
BOOK, BOOK_VIEW = 131, 158
SHEETS, SHEETS_END, SHEET = 143, 144, 156
FUNCTION_GROUPS_END = 665
EXTERNALS, EXTERNALS_END, EXTERN_SHEETS, NAME = 353, 354, 362, 39
THIS_BOOK = 357
SUPPORTS = (355, THIS_BOOK, 358, 667)
"""What formulas look into, numbered in their order: a file, this workbook, this sheet, add-ins."""

# Of the list of texts
TEXTS, TEXTS_END, LISTED_TEXT = 159, 160, 19

# Of the styles
FONTS, FONTS_END, FONT = 611, 612, 43
FILLS, FILLS_END, FILL = 603, 604, 45
BORDERS, BORDERS_END, BORDER = 613, 614, 46
STYLES, STYLES_END, STYLE = 617, 618, 47

# Of a sheet
WORKSHEET, WORKSHEET_END, PROPERTIES, EXTENT = 129, 130, 147, 148
VIEWS, VIEWS_END, VIEW, VIEW_END, PANE, SELECTION = 133, 134, 137, 138, 151, 152
CHART_VIEW, USUAL_SIZE = 141, 485
COLUMNS, COLUMNS_END, COLUMN = 390, 391, 60
CELLS, CELLS_END, ROW = 145, 146, 0
FILTER, FILTER_END, LINK = 161, 162, 494
MARGINS, PAGE, DRAWING_OF_NOTES = 476, 478, 551

BLANK, NUMBER, TEXT = 1, 5, 7
WITH_LISTED_TEXT = (TEXT, 18)
BESIDE_CELLS = frozenset((426, 427, 428))
"""What stands behind the cell that it belongs to: formulas of many cells."""

BEHIND_DRAWING = frozenset(
    (
        *(FUTURE, FUTURE_END, ALTERNATIVE, ALTERNATIVE_END, WORKSHEET_END),
        *(552, 562),  # the drawing of headers and footers, and the picture behind all
        *range(638, 646),  # objects of other programs, and controls
        *range(554, 558),  # what is published on pages
        *range(660, 663),  # tables
    )
)
"""What stands in a sheet behind the reference to the drawing of its comments."""

# Of comments
COMMENTS, COMMENTS_END, AUTHORS, AUTHORS_END, AUTHOR = 628, 629, 630, 631, 632
COMMENT_LIST, COMMENT_LIST_END = 633, 634
COMMENT, COMMENT_END, COMMENT_TEXT = 635, 636, 637
