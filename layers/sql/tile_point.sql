-- One vector tile of a point layer.
-- In: as tile_polygon.sql, and :lon_w :lat_s :lon_e :lat_n, the tile in degrees with its buffer.
-- Out: the tile, one layer {key} with id, status and, when :named, the name.
-- Reads only. Points are looked up in degrees, where their index is, and drawn in 3857.
WITH found AS (
  SELECT i.id, i.status AS s, CASE WHEN :named THEN i.name END AS name,
         ST_AsMVTGeom(ST_Transform(i.shape, 3857),
                      ST_MakeEnvelope(:west, :south, :east, :north, 3857),
                      :extent, :buffer, true) AS geom
  FROM ({items}) i
  WHERE i.shape && ST_MakeEnvelope(:lon_w, :lat_s, :lon_e, :lat_n, 4326) {only}
)
SELECT COALESCE(ST_AsMVT(r, '{key}', :extent, 'geom', 'id'), '') FROM found r
WHERE geom IS NOT NULL
