"""A form on its sheet, line by line, to a filing with the cell of every value."""
