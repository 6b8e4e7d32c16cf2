-- How much of each new compound lies in which grid.
-- In: :ids. Writes compound_grid. Households are taken as spread evenly over the area.
-- Slivers below a thousandth are the surveyor's pencil, not a grid.
INSERT INTO compound_grid (compound_id, grid_id, area_share, household_share)
SELECT compound_id, grid_id, LEAST(share, 1), LEAST(share, 1)
FROM (
  SELECT c.territory_id AS compound_id, g.territory_id AS grid_id,
         ST_Area(ST_Intersection(c.geom, g.geom)) / ST_Area(c.geom) AS share
  FROM territory c
  JOIN territory g ON g.level = 'grid' AND g.valid_to IS NULL AND g.geom && c.geom
    AND ST_Intersects(g.geom, c.geom)
  WHERE c.territory_id = ANY (CAST(:ids AS int8[]))
) s
WHERE share > 0.001
