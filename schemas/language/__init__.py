"""The arithmetic of forms and rules, parsed once."""
