"""What may leave: the page and the notebook of a report, the last look at both, and the sheet put on them.

A room of its own at the bottom, because reports are made by one program and released by another.
"""

NOTEBOOK, PAGE = "report.ipynb", "report.html"
"""The two files of a report."""
