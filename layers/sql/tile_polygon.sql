-- One vector tile of a polygon layer.
-- In: :west :south :east :north (3857 metres), :extent, :buffer (tile units), :named (whether
-- labels carry names), and what {items} asks for. Out: the tile, two layers: {key} with id and
-- status, {key}.label with the points that lie in this tile alone.
-- Reads only. A polygon wholly inside is scaled and snapped, the others are clipped: that is 3–6
-- times cheaper than clipping all. Turning y downwards turns the rings, ST_Reverse turns them back.
-- The envelope is MATERIALIZED, else it is made anew per row.
WITH box AS MATERIALIZED (
  SELECT ST_MakeEnvelope(:west, :south, :east, :north, 3857) AS tile,
         ST_Expand(ST_MakeEnvelope(:west, :south, :east, :north, 3857),
                   (:east - :west) * :buffer / :extent) AS wide
),
found AS MATERIALIZED (
  SELECT i.id, i.status, CASE WHEN :named THEN i.name END AS name, i.drawn, i.label
  FROM box, ({items}) i
  WHERE i.drawn && box.wide {only}
),
shapes AS (
  SELECT id, status AS s,
         CASE WHEN f.drawn @ box.tile
              THEN ST_Reverse(ST_SnapToGrid(ST_TransScale(f.drawn, -:west, -:north,
                                 :extent / (:east - :west), -:extent / (:north - :south)), 1))
              ELSE ST_AsMVTGeom(f.drawn, box.tile, :extent, :buffer, true) END AS geom
  FROM found f, box
),
points AS (
  SELECT id, status AS s, name,
         ST_AsMVTGeom(ST_Transform(f.label, 3857), box.tile, :extent, 0, true) AS geom
  FROM found f, box WHERE name IS NOT NULL
)
SELECT COALESCE((SELECT ST_AsMVT(r, '{key}', :extent, 'geom', 'id') FROM shapes r
                 WHERE geom IS NOT NULL), '')
    || COALESCE((SELECT ST_AsMVT(r, '{key}.label', :extent, 'geom', 'id') FROM points r
                 WHERE geom IS NOT NULL), '')
