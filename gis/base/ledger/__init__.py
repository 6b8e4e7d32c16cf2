"""One ledger: a table as people keep it, declared once.

From the declaration come the list page (``rows``, ``row``), the JSON schema and the data
dictionary, the workbook to fill in, the exports, and the import with messages by row and column.
Invariants: an unknown column never reaches SQL (``filters``); a private column never reaches a file
(``Ledger.exported``); the rows of an import end added, changed, unchanged or refused, and the four
add up (``bring``); export and import back change nothing. Held by tests/base/test_ledger*.py.
"""

from gis.base.ledger.bring import bring
from gis.base.ledger.declare import Column, Ledger
from gis.base.ledger.describe import dictionary, schema
from gis.base.ledger.outcome import Outcome, Problem
from gis.base.ledger.page import Page, Row, row, rows, walk
from gis.base.ledger.reference import Found, Name, Named, Reference
from gis.base.ledger.sealed import Sealed

__all__ = [
    "Column", "Found", "Ledger", "Name", "Named", "Outcome", "Page", "Problem", "Reference",
    "Row", "Sealed", "bring", "dictionary", "row", "rows", "schema", "walk",
]  # fmt: skip
