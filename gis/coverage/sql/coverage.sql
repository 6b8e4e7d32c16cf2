-- Coverage by the units of one level.
-- In: :level. Out: one row a unit, in the order of the tree. Reads only, no locks.
-- Counts are made per compound first and joined to the units by range, so that every level
-- adds up to the one above it.
WITH unit AS (
  SELECT territory_id, level, name, COALESCE(code, local_code) AS code, lo, hi
  FROM territory WHERE level = :level AND valid_to IS NULL
),
reserve AS (SELECT place, count(*) AS n FROM member WHERE is_reserve GROUP BY place),
promise AS (
  SELECT place, bool_or(role = 'A') AS a, bool_or(role = 'B') AS b FROM pledge GROUP BY place
),
open_project AS (
  SELECT place, count(*) AS n FROM project
  WHERE state NOT IN ('closed_out', 'cancelled', 'merged') GROUP BY place
),
compound AS (
  SELECT t.lo, COALESCE(t.households, 0) AS households,
         b.branch_id IS NOT NULL AS has_branch,
         o.owners_committee_id IS NOT NULL AS has_committee,
         f.property_firm_id IS NOT NULL AS has_firm,
         COALESCE(p.a, false) AS has_a, COALESCE(p.b, false) AS has_b
  FROM territory t
  {joins}
  LEFT JOIN promise p ON p.place = t.lo
  WHERE t.level = 'compound' AND t.valid_to IS NULL
)
SELECT u.territory_id, u.level, u.name, u.code, c.*, COALESCE(r.n, 0) AS reserve,
       COALESCE(w.n, 0) AS open_projects
FROM unit u
CROSS JOIN LATERAL (
  SELECT count(*) AS compounds, COALESCE(sum(households), 0)::int8 AS households,
         count(*) FILTER (WHERE has_branch) AS with_branch,
         count(*) FILTER (WHERE has_committee) AS with_committee,
         count(*) FILTER (WHERE has_firm) AS with_firm,
         count(*) FILTER (WHERE has_a) AS with_unit_a,
         count(*) FILTER (WHERE has_b) AS with_unit_b,
         count(*) FILTER (WHERE NOT (has_branch OR has_committee OR has_firm)) AS with_none
  FROM compound WHERE compound.lo >= u.lo AND compound.lo < u.hi
) c
CROSS JOIN LATERAL (
  SELECT sum(n)::int8 AS n FROM reserve WHERE place >= u.lo AND place < u.hi
) r
CROSS JOIN LATERAL (
  SELECT sum(n)::int8 AS n FROM open_project WHERE place >= u.lo AND place < u.hi
) w
ORDER BY u.lo
