"""A return as one record that must satisfy its checks, and what would mend it where it does not.

`diagnosis` explains the findings of one form; `together` those of all forms of a county that
disagree with each other. The mechanisms they try are in `diagnose`.
"""
