"""What is reported: the scheme, its forms, and the workbooks that carry them."""
