-- The board: posts and answers of an activation by compound.
-- In: :id. Out: one row a compound, widest gap first. Reads only.
-- "On the way" counts everybody called who has not declined.
-- Posts and people are stacked, not joined: right after an activation the statistics know no row
-- of it, and a join would be planned as if there were one.
WITH stacked AS (
  SELECT compound_id, needed, priority, NULLIF(shortfall_reason, '') AS shortfall_reason,
         NULL AS state
  FROM post WHERE activation_id = :id
  UNION ALL
  SELECT compound_id, 0, NULL, NULL, state FROM assignment WHERE activation_id = :id
),
counted AS (
  SELECT compound_id, sum(needed)::int8 AS needed, max(priority) AS priority,
         string_agg(DISTINCT shortfall_reason, '；') AS shortfall_reason,
         count(*) FILTER (WHERE state = 'sent') AS sent,
         count(*) FILTER (WHERE state = 'acknowledged') AS acknowledged,
         count(*) FILTER (WHERE state = 'on_post') AS on_post,
         count(*) FILTER (WHERE state = 'declined') AS declined,
         count(*) FILTER (WHERE state IN ('relieved', 'stood_down')) AS ended
  FROM stacked GROUP BY compound_id
)
SELECT t.territory_id AS compound_id, t.name, ST_X(t.anchor) AS lon, ST_Y(t.anchor) AS lat,
       c.needed, c.priority, c.sent, c.acknowledged, c.on_post, c.declined, c.ended,
       c.needed - (c.sent + c.acknowledged + c.on_post) AS shortfall, c.shortfall_reason
FROM counted c
JOIN territory t ON t.territory_id = c.compound_id
ORDER BY shortfall DESC, c.priority DESC, t.territory_id
