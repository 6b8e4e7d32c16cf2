-- The board: posts and answers of an activation by compound.
-- In: :id. Out: one row a compound, widest gap first. Reads only.
-- "On the way" counts everybody called who has not declined.
WITH need AS (
  SELECT compound_id, sum(needed)::int8 AS needed, max(priority) AS priority,
         string_agg(DISTINCT NULLIF(shortfall_reason, ''), '；') AS shortfall_reason
  FROM post WHERE activation_id = :id GROUP BY compound_id
),
people AS (
  SELECT compound_id,
         count(*) FILTER (WHERE state = 'sent') AS sent,
         count(*) FILTER (WHERE state = 'acknowledged') AS acknowledged,
         count(*) FILTER (WHERE state = 'on_post') AS on_post,
         count(*) FILTER (WHERE state = 'declined') AS declined,
         count(*) FILTER (WHERE state IN ('relieved', 'stood_down')) AS ended
  FROM assignment WHERE activation_id = :id GROUP BY compound_id
)
SELECT t.territory_id AS compound_id, t.name, ST_X(t.anchor) AS lon, ST_Y(t.anchor) AS lat,
       n.needed, n.priority, COALESCE(p.sent, 0) AS sent,
       COALESCE(p.acknowledged, 0) AS acknowledged, COALESCE(p.on_post, 0) AS on_post,
       COALESCE(p.declined, 0) AS declined, COALESCE(p.ended, 0) AS ended,
       n.needed - COALESCE(p.sent + p.acknowledged + p.on_post, 0) AS shortfall,
       n.shortfall_reason
FROM need n
JOIN territory t ON t.territory_id = n.compound_id
LEFT JOIN people p USING (compound_id)
ORDER BY shortfall DESC, n.priority DESC, t.territory_id
