"""Only a base map that fits our datum, with its source named."""

from __future__ import annotations

import pytest

from gis.base.errors import BadInput
from gis.base.settings import Settings
from layers.basemaps import configured

GOOD = {"basemap_url": "https://tiles.example.cn/{z}/{x}/{y}.png", "basemap_datum": "cgcs2000",
        "basemap_attribution": "图源：示例 审图号：GS(2024)0000号"}  # fmt: skip


def test_none_by_default() -> None:
    assert configured(Settings(basemap_url=None)) is None


def test_one_that_fits() -> None:
    base = configured(Settings(**GOOD))
    assert base is not None and base.origin == "https://tiles.example.cn"
    assert "审图号" in base.attribution
    own = configured(Settings(**GOOD | {"basemap_url": "/base/{z}/{x}/{y}.png"}))
    assert own is not None and own.origin is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"basemap_datum": "gcj02"}, {"basemap_attribution": "  "},
        {"basemap_url": "https://x.cn/tiles.png"},
        {"basemap_url": "javascript:alert({z}{x}{y})"},
        {"basemap_url": "https://x.cn/{z}/{x}/{y}\"><script>"},
    ],
)  # fmt: skip
def test_the_others_are_refused_with_a_sentence(wrong: dict[str, str]) -> None:
    with pytest.raises(BadInput) as caught:
        configured(Settings(**GOOD | wrong))
    assert len(caught.value.zh) > 10
