-- Grids: is a lead posted on the date drawn, and does the size keep to 300–500 households.
-- In: :on. Out: one row a grid: id, place, status, name, drawn (3857), shape and label (4326),
-- facts. Reads only. The lead is asked for as yes or no: no name leaves the table.
SELECT t.territory_id AS id, t.lo AS place,
       CASE WHEN t.kind = 'dedicated' AND p.is_led THEN 'dedicated'
            WHEN t.kind = 'dedicated' THEN 'dedicated_vacant'
            WHEN NOT p.is_led THEN 'vacant'
            WHEN t.households > 500 THEN 'over'
            WHEN t.households < 300 THEN 'under'
            ELSE 'led' END AS status,
       t.name, t.gcw AS drawn, t.geom AS shape, t.anchor AS label,
       jsonb_build_array(jsonb_build_array('户数', t.households)) AS facts
FROM territory t
CROSS JOIN LATERAL (
  SELECT EXISTS (SELECT FROM posting s WHERE s.territory_id = t.territory_id
                 AND s.role = 'grid_lead' AND s.valid_from <= :on
                 AND (s.valid_to IS NULL OR s.valid_to > :on)) AS is_led
) p
WHERE t.level = 'grid' AND t.valid_from <= :on AND (t.valid_to IS NULL OR t.valid_to > :on)
