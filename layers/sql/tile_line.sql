-- One vector tile of a line layer, thinned for its zoom.
-- In: as tile_polygon.sql, and :shown, the classes drawn at this zoom. Out: the tile, one layer
-- {key} with the status alone: lines of one class are joined, which halves the tile.
-- Reads only. Lines are cut at the tile before they are thinned to a quarter of a pixel.
WITH found AS (
  SELECT i.status AS s, ST_Collect(i.drawn) AS lines
  FROM ({items}) i
  WHERE i.drawn && ST_Expand(ST_MakeEnvelope(:west, :south, :east, :north, 3857),
                             (:east - :west) * :buffer / :extent) {only}
  GROUP BY i.status
),
shapes AS (
  SELECT s, ST_AsMVTGeom(ST_Simplify(lines, (:east - :west) / 2048),
                         ST_MakeEnvelope(:west, :south, :east, :north, 3857),
                         :extent, :buffer, true) AS geom
  FROM found
)
SELECT COALESCE(ST_AsMVT(r, '{key}', :extent, 'geom'), '') FROM shapes r WHERE geom IS NOT NULL
