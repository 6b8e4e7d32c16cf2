"""Figures of one run: `python -m bench [part …] [--json]`. A benchmark, not a test.

Parts: tiles, pages, activation (on a demo city of scale 1 in a temporary folder), dispatch (on
made-up cities of 2,500 and 25,000 members). Times differ between machines, so every figure stands
beside its bound or beside something else measured in the same run. Nothing is asserted.
"""
