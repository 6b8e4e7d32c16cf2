"""Territory (辖区): the tree from city to compound, its ranges, aliases, lineage, roads.

Invariants: a unit's subtree is one range, numbered by trigger territory_range and never reused
(uq_territory_range); shapes are valid polygons (ck_territory_geom_valid); the key of a division
is (edition, code) (uq_territory_edition_code); range, level and parent are set at birth
(tests/territory/test_tree.py).
"""
