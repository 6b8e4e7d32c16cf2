-- Compounds of an activation by how far their posts are filled.
-- In: :activation_id. Out: one row a compound: id, place, status, name, drawn (3857), shape and
-- label (4326), facts, touched (last transaction that wrote a post or assignment of it).
-- A post's surplus does not fill another post: each stage is cut at what the post needs. Who was
-- relieved has stood on the post. Reads only; no member leaves the query, only counts.
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
  SELECT p.compound_id, sum(p.needed)::int8 AS needed,
         sum(LEAST(p.needed, COALESCE(a.assigned, 0)))::int8 AS assigned,
         sum(LEAST(p.needed, COALESCE(a.acknowledged, 0)))::int8 AS acknowledged,
         sum(LEAST(p.needed, COALESCE(a.on_post, 0)))::int8 AS on_post,
         GREATEST(max(p.changed_in::text::int8), max(a.touched)) AS touched
  FROM post p
  LEFT JOIN (
    SELECT post_id,
           count(*) FILTER (WHERE state IN ('sent', 'acknowledged', 'on_post', 'relieved'))
             AS assigned,
           count(*) FILTER (WHERE state IN ('acknowledged', 'on_post', 'relieved'))
             AS acknowledged,
           count(*) FILTER (WHERE state IN ('on_post', 'relieved')) AS on_post,
           max(changed_in::text::int8) AS touched
    FROM assignment WHERE activation_id = :activation_id GROUP BY post_id
  ) a USING (post_id)
  WHERE p.activation_id = :activation_id
  GROUP BY p.compound_id
) c
JOIN territory t ON t.territory_id = c.compound_id
