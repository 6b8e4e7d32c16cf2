"""Mobilization (应急动员): incident, plan, activation, posts, assignments, answers.

Invariants: nobody stands on two posts at once (ex_assignment_member_once); one running activation
an incident (uq_activation_running); an activation is written whole or not at all (one
transaction, tests/live/test_kill.py); states move as declared (trigger workflow_guard);
a plan's grade, level and warning are separate scales.
"""
