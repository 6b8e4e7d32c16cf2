"""The class of a compound: which of branch, owners' committee and property firm it has."""

from __future__ import annotations

# In the order in which they are tried; each compound falls into the first that fits.
CLASSES: dict[str, str] = {
    "complete": "三方齐全",
    "branch": "有党支部，缺业委会或物业",
    "committee": "无支部，有业委会",
    "firm": "无支部，仅有物业",
    "none": "三方皆无",
}

# For a row ``t`` of territory at level compound, joined to branch b, owners_committee o and
# property_contract f. A committee that is only being prepared does not serve anybody yet.
CLASS_SQL = """
CASE
  WHEN b.branch_id IS NOT NULL AND o.owners_committee_id IS NOT NULL
       AND f.property_firm_id IS NOT NULL THEN 'complete'
  WHEN b.branch_id IS NOT NULL THEN 'branch'
  WHEN o.owners_committee_id IS NOT NULL THEN 'committee'
  WHEN f.property_firm_id IS NOT NULL THEN 'firm'
  ELSE 'none'
END
"""
CLASS_JOINS = """
LEFT JOIN branch b ON b.compound_id = t.territory_id
LEFT JOIN owners_committee o ON o.compound_id = t.territory_id AND o.state <> 'preparing'
LEFT JOIN property_contract f ON f.compound_id = t.territory_id
"""
