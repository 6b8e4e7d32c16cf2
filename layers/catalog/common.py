"""What several layers share."""

from __future__ import annotations

# (below this map zoom, level drawn). A median compound is 23 pixels wide at zoom 14 and 11 at 13, a
# community 55 at 13 and 27 at 12, a street 75 at 11: each level starts where its rings stand clear
# of each other.
PARENTS = ((11, "county"), (13, "street"), (14, "community"))
