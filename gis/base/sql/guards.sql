-- Trigger functions of the house. Laid by gis.base.guards after each migration.
-- In: the declarations of the tables (columns and levels come as trigger arguments).
-- Locks: territory_range takes the parent's row of territory_ordinal until the end of the
-- transaction, so two children born at once wait for each other and never share a number.

CREATE OR REPLACE FUNCTION touch_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.changed_in := pg_current_xact_id();
  RETURN NEW;
END $$;

CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'LJ001';
END $$;

-- The transition log is written by workflow_guard, never by hand.
CREATE OR REPLACE FUNCTION by_trigger_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION '% is written by the workflow only', TG_TABLE_NAME USING ERRCODE = 'LJ001';
  END IF;
  IF NOT EXISTS (SELECT FROM workflow_move m WHERE m.workflow = NEW.workflow
                 AND m.from_state = NEW.from_state AND m.to_state = NEW.to_state) THEN
    RAISE EXCEPTION '%: no such move', NEW.workflow USING ERRCODE = 'LJ005';
  END IF;
  NEW.moved_at := now();
  NEW.changed_in := pg_current_xact_id();
  RETURN NEW;
END $$;

-- An entry of the journal is of now, of the present actor, and takes the next number.
CREATE OR REPLACE FUNCTION journal_entry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  who jsonb := COALESCE(NULLIF(current_setting('lianjian.actor', true), ''), '{}')::jsonb;
BEGIN
  NEW.journal_id := nextval(pg_get_serial_sequence('journal', 'journal_id'));
  NEW.done_at := now();
  NEW.actor := COALESCE(who->>'name', current_user);
  NEW.account_id := (who->>'id')::int8;
  RETURN NEW;
END $$;

-- The range of a new unit: the next free number of its width below its parent.
-- The area is measured in the CRS of the city the unit lies in.
CREATE OR REPLACE FUNCTION territory_range() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  base int8; above_width int; width int := level_width(NEW.level); room int; number int8; epsg int;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    IF (NEW.lo, NEW.hi, NEW.level) IS DISTINCT FROM (OLD.lo, OLD.hi, OLD.level)
       OR NEW.parent_id IS DISTINCT FROM OLD.parent_id THEN
      RAISE EXCEPTION 'range, level and parent of a territory are set at birth'
        USING ERRCODE = 'LJ003';
    END IF;
  ELSE
    IF NEW.parent_id IS NULL THEN
      base := 0;
      room := 62 - width;
    ELSE
      SELECT lo, level_width(level) INTO base, above_width
        FROM territory WHERE territory_id = NEW.parent_id;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'parent territory % is unknown or out of scope', NEW.parent_id
          USING ERRCODE = 'LJ002';
      END IF;
      IF above_width <= width THEN
        RAISE EXCEPTION 'a % cannot lie below territory %', NEW.level, NEW.parent_id
          USING ERRCODE = 'LJ003';
      END IF;
      room := (SELECT min(w) FROM unnest(ARRAY[62, 52, 46, 37, 26, 16, 5]) AS w WHERE w > width)
              - width;
    END IF;
    INSERT INTO territory_ordinal AS o (lo, width, used) VALUES (base, width, 1)
      ON CONFLICT ON CONSTRAINT pk_territory_ordinal DO UPDATE SET used = o.used + 1
      RETURNING used INTO number;
    IF number >= (1::int8 << room) THEN
      RAISE EXCEPTION 'territory % has no number left for a %', NEW.parent_id, NEW.level
        USING ERRCODE = 'LJ004';
    END IF;
    NEW.lo := base + (number << width);
    NEW.hi := NEW.lo + (1::int8 << width);
  END IF;
  -- The city's CRS is asked without a scope-dependent join: the city row is an ancestor.
  SELECT c.measuring_epsg INTO epsg FROM city c JOIN territory t USING (territory_id)
    WHERE t.lo <= NEW.lo AND t.hi >= NEW.hi;
  NEW.area_m2 := CASE WHEN epsg IS NULL THEN 0 ELSE ST_Area(ST_Transform(NEW.geom, epsg)) END;
  RETURN NEW;
END $$;
