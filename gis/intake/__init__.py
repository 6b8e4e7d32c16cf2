"""Files in and out: read in a limited child process, checked row by row, then applied.

Invariants: no driver of GDAL runs in the serving process (`reader`); every record of a file ends
applied, repaired or refused, and the three add up (`checks`); an unknown datum is asked for, never
assumed. Held by tests/intake.
"""
