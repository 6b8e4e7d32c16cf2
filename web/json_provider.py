"""JSON as we write it: times in ISO 8601, numbers of numpy as numbers, Chinese as Chinese."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
from flask.json.provider import DefaultJSONProvider


class Json(DefaultJSONProvider):
    """Flask's provider would write times as in HTTP headers."""

    ensure_ascii = False
    sort_keys = False

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """JSON text; half a sign that somebody sent and we echo becomes a question mark."""
        return super().dumps(obj, **kwargs).encode("utf-8", "replace").decode()

    @staticmethod
    def default(value: Any) -> Any:  # type: ignore[override]
        """What the standard encoder does not know."""
        if isinstance(value, date):  # datetime is one
            return value.isoformat()
        if isinstance(value, np.generic):
            return value.item()
        return DefaultJSONProvider.default(value)
