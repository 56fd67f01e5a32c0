"""The parts of an OpenDocument spreadsheet that marking changes."""
