-- A layer's items counted by community and state, for the whole scope.
-- In: :width, the bits below a community's number in the territory order (the upper bits of an
-- item's place are its community's, so no join is asked per item), and what {items} asks for.
-- Out: lo, status, n. Reads only.
SELECT (i.place >> :width) << :width AS lo, i.status, count(*) AS n
FROM ({items}) i GROUP BY 1, 2
