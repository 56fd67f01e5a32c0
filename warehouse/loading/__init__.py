"""One read return into the warehouse, in one transaction with its acceptance."""
