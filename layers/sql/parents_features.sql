-- Units of one level by their lower bounds, as shapes thinned for a file.
-- In: :level, :los, :tolerance (degrees). Out: territory_id, lo, name, lon, lat, shape (GeoJSON
-- text). Reads only.
SELECT t.territory_id, t.lo, t.name, ST_X(t.anchor) AS lon, ST_Y(t.anchor) AS lat,
       ST_AsGeoJSON(ST_SimplifyPreserveTopology(t.geom, :tolerance), 5, 0) AS shape
FROM territory t
WHERE t.level = :level AND t.lo = ANY(:los)
  AND t.valid_from <= :on AND (t.valid_to IS NULL OR t.valid_to > :on)
ORDER BY t.territory_id
