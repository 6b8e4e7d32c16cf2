-- Homes and posts as points, with the community each lies in.
-- In: :ids. Out: territory_id, community's lo (own lo where there is none), lon, lat; by id.
SELECT t.territory_id,
       CASE WHEN t.level IN ('compound', 'grid') THEN (t.lo >> 26) << 26 ELSE t.lo END,
       ST_X(t.anchor), ST_Y(t.anchor)
FROM territory t WHERE t.territory_id = ANY (CAST(:ids AS int8[]))
ORDER BY t.territory_id
