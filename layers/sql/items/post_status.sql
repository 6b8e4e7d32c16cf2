-- Compounds of an activation by how far their posts are filled.
-- In: :activation_id. Out: one row a compound: id, place, status, name, drawn (3857), shape and
-- label (4326), facts, touched (last transaction that wrote a post or assignment of it).
-- A post's surplus does not fill another post: each stage is cut at what the post needs. Who was
-- relieved has stood on the post. Posts and people are stacked, not joined: right after an
-- activation the statistics know no row of it, and a join would be planned as if there were one.
-- Reads only; no member leaves the query, only counts.
SELECT t.territory_id AS id, t.lo AS place,
       CASE WHEN c.on_post >= c.needed THEN 'manned'
            WHEN c.acknowledged >= c.needed THEN 'acknowledged'
            WHEN c.assigned >= c.needed THEN 'called'
            WHEN c.assigned > 0 THEN 'partly'
            ELSE 'empty' END AS status,
       t.name, t.gcw AS drawn, t.geom AS shape, t.anchor AS label,
       jsonb_build_array(jsonb_build_array('需要', c.needed), jsonb_build_array('已派', c.assigned),
                         jsonb_build_array('已应答', c.acknowledged),
                         jsonb_build_array('已到岗', c.on_post)) AS facts,
       c.touched
FROM (
  SELECT compound_id, sum(needed)::int8 AS needed,
         sum(LEAST(needed, assigned))::int8 AS assigned,
         sum(LEAST(needed, acknowledged))::int8 AS acknowledged,
         sum(LEAST(needed, on_post))::int8 AS on_post, max(touched) AS touched
  FROM (
    SELECT compound_id, post_id, sum(needed) AS needed,
           count(*) FILTER (WHERE state IN ('sent', 'acknowledged', 'on_post', 'relieved'))
             AS assigned,
           count(*) FILTER (WHERE state IN ('acknowledged', 'on_post', 'relieved'))
             AS acknowledged,
           count(*) FILTER (WHERE state IN ('on_post', 'relieved')) AS on_post,
           max(changed_in::text::int8) AS touched
    FROM (
      SELECT compound_id, post_id, needed, NULL AS state, changed_in
      FROM post WHERE activation_id = :activation_id
      UNION ALL
      SELECT compound_id, post_id, 0, state, changed_in
      FROM assignment WHERE activation_id = :activation_id
    ) both_kinds
    GROUP BY compound_id, post_id
  ) by_post
  GROUP BY compound_id
) c
JOIN territory t ON t.territory_id = c.compound_id
