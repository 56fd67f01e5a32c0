"""The accepted lines of all counties added up, and what their figures are compared with."""
