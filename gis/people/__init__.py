"""People: members in reserve, registrations (双报到), postings. No residents.

Invariants: phones are sealed (ck_member_phone, tests/base/test_private.py); a member has a home
compound or at least a home community, never a door (ck_member_home); a grid has one lead at a time
(uq_posting_lead); no column that this project refuses (tests/house/test_house.py).
"""
