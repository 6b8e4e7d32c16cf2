"""Functions, triggers, row policies and grants, laid from what the tables declare.

Alembic owns tables, columns and indexes. What it does not compare is laid anew after each
upgrade, from ``__scope__``, ``__place_from__`` and ``__workflow__``: the declaration is the only
source, and running this twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib import resources

from sqlalchemy import Connection, Engine, inspect, text

from gis.base.db import Base, Changed, Placed

SERVICE_ROLE = "lianjian_service"
_LO = "NULLIF(current_setting('lianjian.scope_lo', true), '')::int8"
_HI = "NULLIF(current_setting('lianjian.scope_hi', true), '')::int8"
_MORE = "NULLIF(current_setting('lianjian.scope_more', true), '')::int8multirange"
CITY_BITS = 52  # a range this wide is a whole city: only then may shared rows be written
_APPEND_ONLY = {"journal", "transition", "journal_seal"}
# What the service may do where it may not add and change: nothing is deleted but failed log-ins,
# and seals are the owner's, so that whoever writes entries cannot seal them.
_RIGHTS = {
    "journal": "SELECT, INSERT", "transition": "SELECT, INSERT", "journal_seal": "SELECT",
    "workflow_move": "SELECT", "login_attempt": "SELECT, INSERT, DELETE",
}  # fmt: skip


def lay(connection: Connection, classes: Iterable[type[Base]], widths: dict[str, int]) -> None:
    """Lays every guard of these tables. Runs as the owner, inside the migration's transaction."""
    classes = list(classes)
    _run(connection, _template("guards"))
    _run(connection, _width_function(widths))
    for cls in classes:
        for statement in [*_policies(cls), *_functions(cls), *_triggers(cls)]:
            _run(connection, statement)
    for statement in _grants(connection, classes):
        _run(connection, statement)


def _template(name: str) -> str:
    return resources.files("gis.base").joinpath(f"sql/{name}.sql").read_text()


def _functions(cls: type[Base]) -> list[str]:
    """The trigger functions written for one table."""
    table, made = cls.__tablename__, []
    if issubclass(cls, Placed):
        branches = "".join(
            f"{'IF' if i == 0 else ' ELSIF'} NEW.{column} IS NOT NULL THEN "
            f"unit_id := NEW.{column}; allowed := '{levels}';"
            for i, (column, levels) in enumerate(cls.__place_from__)
        )
        made.append(
            _template("place_from").replace("{table}", table).replace("{branches}", branches)
        )
    flow = getattr(cls, "__workflow__", None)
    if flow is not None:
        key = inspect(cls).primary_key[0].name
        filled = _template("workflow_guard").replace("{table}", table).replace("{key}", key)
        made.append(filled.replace("{workflow}", flow.name))
    return made


def _run(connection: Connection, statement: str) -> None:
    connection.exec_driver_sql(statement.replace("%", "%%"))


def _width_function(widths: dict[str, int]) -> str:
    cases = " ".join(f"WHEN '{level}' THEN {width}" for level, width in widths.items())
    return (
        "CREATE OR REPLACE FUNCTION level_width(level text) RETURNS int LANGUAGE sql IMMUTABLE "
        f"PARALLEL SAFE AS $$ SELECT CASE level {cases} END $$"
    )


def _policies(cls: type[Base]) -> list[str]:
    table = cls.__tablename__
    inside = f"(place >= {_LO} AND place < {_HI}) OR place <@ {_MORE}"
    someone = f"{_HI} > 0"
    whole = f"{_HI} - {_LO} >= {1 << CITY_BITS}"
    tree = f"(lo < {_HI} AND hi > {_LO}) OR int8range(lo, hi) && {_MORE}"
    below = f"lo >= {_LO} AND hi <= {_HI}"
    rules: dict[str, list[tuple[str, str, str]]] = {
        "place": [("inside", "ALL", f"USING ({inside}) WITH CHECK ({inside})")],
        "open": [
            ("seen", "SELECT", f"USING ((place >> {CITY_BITS}) = ({_LO} >> {CITY_BITS}) "
             f"OR {inside})"),
            ("added", "INSERT", f"WITH CHECK ({inside})"),
            ("edited", "UPDATE", f"USING ({inside}) WITH CHECK ({inside})"),
            ("removed", "DELETE", f"USING ({inside})"),
        ],
        "tree": [
            ("seen", "SELECT", f"USING ({tree})"),
            ("added", "INSERT", f"WITH CHECK ({below})"),
            ("edited", "UPDATE", f"USING ({below}) WITH CHECK ({below})"),
        ],
        "shared": [
            ("seen", "SELECT", f"USING ({someone})"),
            *(
                (f"{verb}ed", verb, f"{rule} ({whole})")
                for verb, rule in [
                    ("INSERT", "WITH CHECK"),
                    ("UPDATE", "USING"),
                    ("DELETE", "USING"),
                ]
            ),
        ],
        "system": [("machinery", "ALL", f"USING ({someone}) WITH CHECK ({someone})")],
    }
    drop = (
        f"DO $$ DECLARE p record; BEGIN FOR p IN SELECT policyname FROM pg_policies WHERE "
        f"schemaname = current_schema() AND tablename = '{table}' LOOP EXECUTE "
        f"format('DROP POLICY %I ON {table}', p.policyname); END LOOP; END $$"
    )
    made = [
        f"CREATE POLICY {table}_{name.lower()} ON {table} FOR {verb} {rule}"
        for name, verb, rule in rules[cls.__scope__]
    ]
    force = [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
    ]
    return [drop, *force, *made]


def _triggers(cls: type[Base]) -> list[str]:
    table = cls.__tablename__
    wanted: list[tuple[str, str]] = []
    if table == "territory":
        wanted.append(("a_range", "BEFORE INSERT OR UPDATE OF geom, parent_id, level, lo, hi ON "
                       "territory FOR EACH ROW EXECUTE FUNCTION territory_range()"))  # fmt: skip
    if issubclass(cls, Placed):
        columns = ", ".join(column for column, _ in cls.__place_from__)
        wanted.append(("a_place", f"BEFORE INSERT OR UPDATE OF place, {columns} ON {table} "
                       f"FOR EACH ROW EXECUTE FUNCTION {table}_place()"))  # fmt: skip
    if issubclass(cls, Changed) and table != "transition":
        wanted.append(("b_changed", f"BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW "
                       "EXECUTE FUNCTION touch_changed()"))  # fmt: skip
    flow = getattr(cls, "__workflow__", None)
    if flow is not None:
        wanted.append(("c_born", f"BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION "
                       f"{table}_workflow()"))  # fmt: skip
        wanted.append(("c_moved", f"BEFORE UPDATE OF state ON {table} FOR EACH ROW WHEN "
                       "(OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION "
                       f"{table}_workflow()"))  # fmt: skip
    if table == "transition":
        wanted.append(("a_by_trigger", "BEFORE INSERT ON transition FOR EACH ROW "
                       "EXECUTE FUNCTION by_trigger_only()"))  # fmt: skip
    if table == "journal":
        wanted.append(("a_entry", "BEFORE INSERT ON journal FOR EACH ROW "
                       "EXECUTE FUNCTION journal_entry()"))  # fmt: skip
    if table in _APPEND_ONLY:
        wanted.append(("z_append_only", f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW "
                       "EXECUTE FUNCTION refuse_change()"))  # fmt: skip
    return [f"CREATE OR REPLACE TRIGGER {table}_{name} {rest}" for name, rest in wanted]


def _grants(connection: Connection, classes: Iterable[type[Base]]) -> list[str]:
    has_role = connection.scalar(
        text("SELECT count(*) FROM pg_roles WHERE rolname = :r"), {"r": SERVICE_ROLE}
    )
    if not has_role:
        return []
    schema = connection.scalar(text("SELECT current_schema()"))
    lines = [f"GRANT USAGE ON SCHEMA {schema} TO {SERVICE_ROLE}"]
    for cls in classes:
        table = cls.__tablename__
        rights = _RIGHTS.get(table, "SELECT, INSERT, UPDATE")
        lines.append(f"REVOKE ALL ON {table} FROM {SERVICE_ROLE}")
        lines.append(f"GRANT {rights} ON {table} TO {SERVICE_ROLE}")
    lines.append(f"GRANT SELECT ON alembic_version TO {SERVICE_ROLE}")
    lines.append(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {SERVICE_ROLE}")
    return lines


def missing(engine: Engine, classes: Iterable[type[Base]]) -> list[str]:
    """The tables that lack forced row security or a policy, by name; empty when all is well."""
    wanted = {cls.__tablename__ for cls in classes}
    with engine.connect() as connection:
        guarded = connection.scalars(
            text(
                "SELECT c.relname FROM pg_class c "
                "WHERE c.relnamespace = current_schema()::regnamespace "
                "AND c.relrowsecurity AND c.relforcerowsecurity "
                "AND EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid)"
            )
        )
        return sorted(wanted - set(guarded))
