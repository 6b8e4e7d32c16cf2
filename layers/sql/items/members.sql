-- Reserve strength by home compound, as a class of a count: never a person, never the exact count.
-- In: :on. Out: one row a compound: id, place, status, name, drawn (3857), shape and label (4326),
-- facts. Reads only.
SELECT t.territory_id AS id, t.lo AS place, {status} AS status, t.name,
       t.gcw AS drawn, t.geom AS shape, t.anchor AS label, '[]'::jsonb AS facts
FROM territory t
CROSS JOIN LATERAL (
  SELECT count(*) AS n FROM member m
  WHERE m.home_compound_id = t.territory_id AND m.is_reserve
) r
WHERE t.level = 'compound' AND t.valid_from <= :on AND (t.valid_to IS NULL OR t.valid_to > :on)
