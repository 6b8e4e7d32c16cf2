-- The units of a level whose box touches a tile.
-- In: :west :south :east :north with the tile's buffer (3857 metres), :on. Out: lo, hi.
-- Reads only. {level} is written out, so that the index of that level is used.
SELECT t.lo, t.hi FROM territory t
WHERE t.level = '{level}' AND t.gcw && ST_MakeEnvelope(:west, :south, :east, :north, 3857)
  AND t.valid_from <= :on AND (t.valid_to IS NULL OR t.valid_to > :on)
