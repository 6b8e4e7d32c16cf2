"""Coverage (覆盖): what serves a compound and what is missing, by any territory level.

Invariants: a compound has exactly one class (``CLASSES``), decided in one SQL expression that the
table, the layer and the legend share; counts run under the reader's scope
(tests/coverage/test_coverage.py compares them with counts made the long way).
"""
