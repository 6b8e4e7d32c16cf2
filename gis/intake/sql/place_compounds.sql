-- Where the compounds of a file belong, and what stands in their way.
-- In: temporary table incoming (row_no, name, geom). Out: row_no, parent_id, twin (name of a
-- compound that is there already with the same shape), overlap_share with existing compounds.
-- Reads only. The parent is the grid that holds most of the compound, else its community.
SELECT i.row_no,
       COALESCE(
         (SELECT t.territory_id FROM territory t
          WHERE t.level = 'grid' AND t.valid_to IS NULL AND t.geom && i.geom
            AND ST_Intersects(t.geom, i.geom)
          ORDER BY ST_Area(ST_Intersection(t.geom, i.geom)) DESC, t.territory_id LIMIT 1),
         (SELECT t.territory_id FROM territory t
          WHERE t.level = 'community' AND t.valid_to IS NULL AND t.geom && i.geom
            AND ST_Intersects(t.geom, i.geom)
          ORDER BY ST_Area(ST_Intersection(t.geom, i.geom)) DESC, t.territory_id LIMIT 1)
       ) AS parent_id,
       (SELECT t.name FROM territory t
        WHERE t.level = 'compound' AND t.valid_to IS NULL AND t.geom && i.geom
          AND ST_Equals(t.geom, i.geom) LIMIT 1) AS twin,
       (SELECT COALESCE(sum(ST_Area(ST_Intersection(t.geom, i.geom))), 0) / ST_Area(i.geom)
        FROM territory t
        WHERE t.level = 'compound' AND t.valid_to IS NULL AND t.geom && i.geom
          AND ST_Intersects(t.geom, i.geom)) AS overlap_share
FROM incoming i ORDER BY i.row_no
