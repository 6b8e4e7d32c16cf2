-- Service points by kind.
-- In: nothing but the scope. Out: one row a facility: id, place, status, name, shape and label
-- (4326), facts. Reads only.
SELECT f.facility_id AS id, f.place, f.kind AS status, f.name,
       f.location AS shape, f.location AS label,
       jsonb_build_array(jsonb_build_array('容量', f.capacity)) AS facts
FROM facility f
