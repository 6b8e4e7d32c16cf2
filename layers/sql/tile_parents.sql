-- One vector tile of the parents of a layer's items, each with its counts by state.
-- In: as tile_polygon.sql, :level, and :counts, a JSON list of {lo, n, n_<state>…} for the parents
-- of this tile (layers.counts keeps them). Out: the tile, two layers: {key} and {key}.label, with
-- id, name, n and one count a state.
-- Reads only. Parents without items are not drawn; a parent above the actor's scope counts what
-- the actor may see of it.
WITH box AS MATERIALIZED (
  SELECT ST_MakeEnvelope(:west, :south, :east, :north, 3857) AS tile
),
parent AS MATERIALIZED (
  SELECT t.territory_id AS id, t.name, t.gcw AS drawn, t.anchor AS label, c.n, {columns}
  FROM json_to_recordset(CAST(:counts AS json)) AS c(lo int8, hi int8, n int8, {types})
  JOIN territory t ON t.lo = c.lo AND t.hi = c.hi AND t.level = :level
),
shapes AS (
  SELECT p.id, p.name, p.n, {columns},
         CASE WHEN p.drawn @ box.tile
              THEN ST_Reverse(ST_SnapToGrid(ST_TransScale(p.drawn, -:west, -:north,
                                 :extent / (:east - :west), -:extent / (:north - :south)), 1))
              ELSE ST_AsMVTGeom(p.drawn, box.tile, :extent, :buffer, true) END AS geom
  FROM parent p, box
),
points AS (
  SELECT p.id, p.name, p.n, {columns},
         ST_AsMVTGeom(ST_Transform(p.label, 3857), box.tile, :extent, 0, true) AS geom
  FROM parent p, box
)
SELECT COALESCE((SELECT ST_AsMVT(r, '{key}', :extent, 'geom', 'id') FROM shapes r
                 WHERE geom IS NOT NULL), '')
    || COALESCE((SELECT ST_AsMVT(r, '{key}.label', :extent, 'geom', 'id') FROM points r
                 WHERE geom IS NOT NULL), '')
