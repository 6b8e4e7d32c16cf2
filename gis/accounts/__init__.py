"""Accounts (账号): log-in, role, scope.

Invariants: usernames are unique (uq_account_username); a role is a declared one (ck_account_role);
failed tries lock a name for a while (tests/accounts/test_log_in.py).
"""
