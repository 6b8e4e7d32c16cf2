-- Roads as ground: read by everybody, nobody's data.
-- In: nothing. Out: one row an edge of the graph: id, place, status (a class of ours for the
-- many of OpenStreetMap), name, drawn (3857), shape (4326). Reads only.
SELECT r.road_id AS id, r.place, {status} AS status, r.name,
       r.g3857 AS drawn, r.geom AS shape, ST_PointN(r.geom, 1) AS label, '[]'::jsonb AS facts
FROM road r
