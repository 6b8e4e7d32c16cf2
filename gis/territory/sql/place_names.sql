-- The path of each unit below its city, and the point that its label stands on.
-- In: ids (int8[]). Out: territory_id, path ('永定区/永定街道/…'), lon, lat (WGS 84 degrees).
-- Reads under the actor's policies: ancestors are visible by name. No locks.
WITH RECURSIVE up AS (
  SELECT t.territory_id, t.parent_id, t.name::text AS path
  FROM territory t WHERE t.territory_id = ANY(:ids)
  UNION ALL
  SELECT up.territory_id, a.parent_id, a.name || '/' || up.path
  FROM up JOIN territory a ON a.territory_id = up.parent_id
  WHERE a.parent_id IS NOT NULL
)
SELECT DISTINCT ON (up.territory_id)
  up.territory_id, up.path, ST_X(t.anchor) AS lon, ST_Y(t.anchor) AS lat
FROM up JOIN territory t USING (territory_id)
ORDER BY up.territory_id, length(up.path) DESC
