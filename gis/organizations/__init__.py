"""Organizations: branches, owners' committees, property firms, support units, work groups, pledges.

Invariants: a compound has at most one branch, committee and contract (unique compound_id, primary
key of property_contract); a compound has one unit in role A and one in role B, a unit pledges
itself to a compound once (uq_pledge_compound_id_role, uq_pledge_support_unit_id_compound_id); a
committee moves as declared (trigger owners_committee_workflow, tests/base/test_workflow.py).
"""
