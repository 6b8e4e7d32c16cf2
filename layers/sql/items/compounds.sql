-- Compounds with the class of gis.coverage.classes: the same expression that the table counts by.
-- In: :on, the date drawn. Out: one row a compound: id, place, status, name, drawn (3857), shape
-- and label (4326), facts. Reads only; columns nobody asks for cost nothing.
SELECT t.territory_id AS id, t.lo AS place, {status} AS status, t.name,
       t.gcw AS drawn, t.geom AS shape, t.anchor AS label,
       jsonb_build_array(jsonb_build_array('户数', t.households),
                         jsonb_build_array('出入口', t.gates)) AS facts
FROM territory t
{joins}
WHERE t.level = 'compound' AND t.valid_from <= :on AND (t.valid_to IS NULL OR t.valid_to > :on)
