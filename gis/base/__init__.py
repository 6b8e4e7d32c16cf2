"""What every area stands on: settings, cluster, sessions, access, journal, workflow, ledger.

Knows no area. An area declares its tables, moves and ledgers; this package enforces them.
"""
