-- The items of a layer as one GeoJSON text, made in the database: 5–7 times faster than in Python.
-- In: :bounded and :lon_w :lat_s :lon_e :lat_n (degrees), :digits of coordinates, :tolerance
-- (degrees, 0 for none), and what {items} asks for. Out: one text, features by id; s is the
-- status, at the point that the name of a polygon stands on.
-- Reads only.
SELECT json_build_object('type', 'FeatureCollection', 'features', COALESCE(json_agg(
         json_build_object('type', 'Feature', 'id', i.id,
           'geometry', ST_AsGeoJSON(
             CASE WHEN :tolerance > 0 THEN ST_SimplifyPreserveTopology(i.shape, :tolerance)
                  ELSE i.shape END, :digits, 0)::json,
           'properties', json_build_object('s', i.status, 'name', i.name, 'facts', i.facts,
             'at', CASE WHEN ST_Dimension(i.shape) = 2 THEN
               json_build_array(round(ST_X(i.label)::numeric, 6), round(ST_Y(i.label)::numeric, 6))
             END))
         ORDER BY i.id), '[]'::json))::text
FROM ({items}) i
WHERE i.shape IS NOT NULL
  AND (NOT :bounded OR i.shape && ST_MakeEnvelope(:lon_w, :lat_s, :lon_e, :lat_n, 4326))
  {only}
