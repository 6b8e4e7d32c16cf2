"""How the child hands a table over: attributes and WKB as an Arrow file in the work folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

GEOMETRY = "_wkb"


def table_of(columns: dict[str, pa.Array]) -> pa.Table:
    """A table of the columns; a property that is called like our geometry column is renamed."""
    return pa.table({(f"{n}_" if n == GEOMETRY else n): c for n, c in columns.items()})


def write(work: Path, table: pa.Table, wkb: np.ndarray | pa.Array) -> dict[str, Any]:
    """Write attributes and geometry; the answer's `file`. Rows keep the file's order."""
    if not isinstance(wkb, (pa.Array, pa.ChunkedArray)):
        wkb = pa.array(wkb, pa.binary())
    whole = table.append_column(GEOMETRY, wkb) if table.num_columns else pa.table({GEOMETRY: wkb})
    name = f"table{len(list(work.glob('table*.arrow')))}.arrow"
    with pa.OSFile(str(work / name), "wb") as sink, pa.ipc.new_file(sink, whole.schema) as out:
        out.write_table(whole)
    return {"file": name}
