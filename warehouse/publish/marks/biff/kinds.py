"""The kinds of the records of a workbook of Excel 97 to 2003 that marks have to do with."""

BOF, EOF, CONTINUE, FILE_PASS = 0x809, 0x0A, 0x3C, 0x2F
FILE_PASS_GONE = 0
"""What decryption leaves in the place of FILE_PASS, of the same length; Excel knows none such."""

# Of all sheets
BOUND_SHEET, SHEET_IDS, WINDOW, SHARED_BOOK = 0x85, 0x13D, 0x3D, 0x1AE
EXTERN_SHEET, NAME, COUNTRY = 0x17, 0x18, 0x8C
BOOKS = (SHARED_BOOK, 0x23, 0x59, 0x5A)
"""A book that formulas look into, and what stands behind it: names, and cells as they were."""
NAMES = (NAME, 0x894, 0x898, 0x893)
"""A name, and what stands behind it: comments, and where it is published."""
FONT, STYLE, STYLE_SUM, STYLE_MORE, PALETTE = 0x31, 0xE0, 0x87C, 0x87D, 0x92
DIFFERENCE, NAMED_STYLE, NAMED_STYLE_MORE = 0x88D, 0x293, 0x892
TABLE_STYLES, TABLE_STYLE, TABLE_STYLE_PART = 0x88E, 0x88F, 0x890
SST, EXT_SST, DRAWING_GROUP = 0xFC, 0xFF, 0xEB

# Of one sheet
INDEX, DB_CELL, DIMENSIONS, ROW, COLUMNS, MERGED = 0x20B, 0xD7, 0x200, 0x208, 0x7D, 0xE5
FORMULA, NUMBER, SHORT_NUMBER, SHORT_NUMBERS = 0x06, 0x203, 0x27E, 0xBD
TEXT, SHARED_TEXT, RICH_TEXT, BOOLEAN_OR_ERROR = 0x204, 0xFD, 0xD6, 0x205
BLANK, BLANKS = 0x201, 0xBE
RESULT_TEXT, SHARED_FORMULA, ARRAY, TABLE = 0x207, 0x4BC, 0x221, 0x236
DRAWING, OBJECT, OBJECT_TEXT, NOTE, FILTERED = 0xEC, 0x5D, 0x1B6, 0x1C, 0x9D
SHEET_WINDOW, PANE, SELECTION = 0x23E, 0x41, 0x1D

CELLS = (FORMULA, NUMBER, SHORT_NUMBER, TEXT, SHARED_TEXT, RICH_TEXT, BOOLEAN_OR_ERROR, BLANK)
"""Of one cell: row, column and style, and what it holds."""
RUNS = {SHORT_NUMBERS: 6, BLANKS: 2}
"""Of several cells of a row, and how many bytes each of them has there."""
BESIDE_CELLS = (RESULT_TEXT, SHARED_FORMULA, ARRAY, TABLE)
"""What stands behind the cell that it belongs to."""

# Of charts
LINE_FORMAT, AREA_FORMAT, MARKER_FORMAT = 0x1007, 0x100A, 0x1009
