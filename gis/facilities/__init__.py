"""Facilities: service points on the map.

Invariants: a facility has a place and a point (NOT NULL), a known kind (ck_facility_kind) and no
negative capacity (ck_facility_capacity).
"""
