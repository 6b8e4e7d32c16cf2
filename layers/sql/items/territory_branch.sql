-- One level of items/territory.sql; {level} is a word of the declaration, never of a request.
SELECT t.territory_id AS id, t.lo AS place, '{level}'::text AS status, t.name,
       t.gcw AS drawn, t.geom AS shape, t.anchor AS label,
       jsonb_build_array(jsonb_build_array('代码', COALESCE(t.code, t.local_code))) AS facts
FROM territory t
WHERE t.level = '{level}' AND t.valid_from <= :on AND (t.valid_to IS NULL OR t.valid_to > :on)
