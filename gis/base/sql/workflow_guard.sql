-- Trigger function of one table with a life cycle: refuses undeclared moves, logs the others.
-- In ({...} filled by gis.base.guards): the table, its workflow, its key.
-- A row may be born in a later state only when its table's owner loads it (import, demo).
CREATE OR REPLACE FUNCTION {table}_workflow() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  source text := ''; who jsonb;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    source := OLD.state;
  END IF;
  IF NOT EXISTS (SELECT FROM workflow_move m WHERE m.workflow = '{workflow}'
                 AND m.from_state = source AND m.to_state = NEW.state)
     AND (TG_OP = 'UPDATE' OR NOT pg_has_role(
       current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER')) THEN
    RAISE EXCEPTION '{workflow}: no move from "%" to "%"', source, NEW.state
      USING ERRCODE = 'LJ005';
  END IF;
  IF TG_OP = 'UPDATE' THEN
    who := COALESCE(NULLIF(current_setting('lianjian.actor', true), ''), '{}')::jsonb;
    INSERT INTO transition (workflow, subject_id, from_state, to_state, actor, reason, place)
      VALUES ('{workflow}', NEW.{key}, source, NEW.state, COALESCE(who->>'name', current_user),
              COALESCE(current_setting('lianjian.reason', true), ''), NEW.place);
  END IF;
  RETURN NEW;
END $$
