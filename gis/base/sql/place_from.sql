-- Trigger function of one table: place := lo of the first named unit that is not null.
-- In ({...} filled by gis.base.guards): the table, its columns with their allowed levels.
-- Reads territory under the actor's own policies: a place out of scope is as good as none.
-- One function a table, because a fixed statement is planned once and a generic one at every row.
CREATE OR REPLACE FUNCTION {table}_place() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  unit_id int8; allowed text; unit_level text;
BEGIN
  {branches}
  ELSE
    RAISE EXCEPTION '{table} needs a place' USING ERRCODE = 'LJ002';
  END IF;
  SELECT lo, level INTO NEW.place, unit_level FROM territory WHERE territory_id = unit_id;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'territory % is unknown or out of scope', unit_id USING ERRCODE = 'LJ002';
  END IF;
  IF allowed <> '*' AND NOT unit_level = ANY (string_to_array(allowed, ',')) THEN
    RAISE EXCEPTION 'a {table} belongs to a %, not to a %', allowed, unit_level
      USING ERRCODE = 'LJ003';
  END IF;
  RETURN NEW;
END $$
