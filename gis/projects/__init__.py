"""Projects: the two ledgers, from request to close-out.

Invariants: money is integer fen and not negative (ck_project_budget); states move as declared
(trigger project_workflow, tests/base/test_workflow.py); the three published programs are never
added up (tests/demo/test_totals.py counts each).
"""
