"""What IT and stewards ask for at the command line, and how it is shown."""
