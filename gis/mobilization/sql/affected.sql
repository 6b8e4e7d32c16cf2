-- The compounds that a shape touches, with the share of each.
-- In: :shape (WKB, 4326), :least. Out: one row a compound, by id. Reads only, no locks.
-- Shares are ratios of areas of one small place, so degrees do as well as metres.
WITH shape AS MATERIALIZED (SELECT ST_SetSRID(ST_GeomFromWKB(:shape), 4326) AS geom),
hit AS (
  SELECT t.territory_id AS compound_id, t.name, t.lo, t.parent_id,
         COALESCE(t.households, 0) AS households, COALESCE(t.gates, 1) AS gates,
         ST_X(t.anchor) AS lon, ST_Y(t.anchor) AS lat,
         CASE WHEN ST_CoveredBy(t.geom, s.geom) THEN 1.0
              ELSE ST_Area(ST_Intersection(t.geom, s.geom)) / ST_Area(t.geom) END AS area_share
  FROM shape s JOIN territory t ON t.geom && s.geom AND ST_Intersects(t.geom, s.geom)
  WHERE t.level = 'compound' AND t.valid_to IS NULL
)
SELECT h.compound_id, h.name, h.lo, h.households, h.gates, h.lon, h.lat,
       round(h.area_share::numeric, 6)::float8 AS area_share,
       COALESCE(b.n, 0) AS buildings, COALESCE(m.n, 0) AS reserve
FROM hit h
LEFT JOIN LATERAL (SELECT count(*) AS n FROM building WHERE compound_id = h.compound_id) b ON true
LEFT JOIN LATERAL (
  SELECT count(*) AS n FROM member WHERE home_compound_id = h.compound_id AND is_reserve
) m ON true
WHERE h.area_share >= :least
ORDER BY h.compound_id
