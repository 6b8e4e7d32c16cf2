"""Intake: files become rows, or are refused with a reason.

Invariants: a file is opened only in a limited child process (tests/intake/test_reader_attacks.py);
read = applied + repaired + refused (tests/intake); an import is there whole or not at all
(tests/intake/test_import.py).
"""
