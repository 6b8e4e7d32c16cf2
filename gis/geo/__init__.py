"""Places as numbers: shapes, reference systems, datums, codes, travel. No database, no session.

Invariants: coordinates inside the house are longitude, latitude in EPSG:4326 (CGCS2000 is taken as
equal); lengths and areas only in a measuring CRS (`crs.measuring_crs`); GCJ-02 and BD-09 exist at
the edges only (`datum`). Held by tests/geo.
"""
