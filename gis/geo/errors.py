"""Sentences about shapes and reference systems: one code each, Chinese and English.

`reason` (a key of SENTENCES) is the stable code; it travels in the error's facts.
"""

from __future__ import annotations

from typing import Any

from gis.base.errors import BadGeometry, BadInput

SENTENCES: dict[str, tuple[str, str]] = {
    "no_geometry": ("没有图形。", "There is no geometry."),
    "empty": ("图形是空的，没有任何坐标。", "The geometry is empty: it has no coordinates."),
    "wrong_type": (
        "需要面（Polygon 或 MultiPolygon），得到的是 {found}。",
        "A Polygon or MultiPolygon is needed; this is {found}.",
    ),
    "too_many_vertices": (
        "图形有 {count} 个顶点，上限是 {limit} 个。请先简化。",
        "The shape has {count} vertices; the limit is {limit}. Simplify it first.",
    ),
    "bad_coordinates": (
        "坐标写法不对（{where}）：每个点应是 [经度, 纬度] 两个数。",
        "Coordinates are not written right ({where}): each point must be [longitude, latitude].",
    ),
    "not_finite": (
        "坐标里有不是有限数的值（{where}）。",
        "A coordinate is not a finite number ({where}).",
    ),
    "out_of_range": (
        "坐标 {lon}, {lat} 不是经纬度（经度 -180 到 180，纬度 -90 到 90）。{hint_zh}",
        "The coordinate {lon}, {lat} is not longitude and latitude in degrees. {hint_en}",
    ),
    "too_few_points": (
        "第 {ring} 个环不足 3 个不同的点，围不成面。",
        "Ring {ring} has fewer than 3 different points and encloses nothing.",
    ),
    "crosses_itself": (
        "边界不成立：在经度 {lon}、纬度 {lat} 处{what_zh}。请在该处改正。",
        "Invalid boundary: {what_en} at longitude {lon}, latitude {lat}. Correct it there.",
    ),
    "no_area": ("图形没有面积。", "The shape encloses no area."),
    "outside": (
        (
            "图形完全在{zh}范围之外（图形在经度 {lon}、纬度 {lat} 附近）。"
            "请检查坐标系、坐标基准和经纬度次序。"
        ),
        (
            "The shape is wholly outside {en} (it lies near longitude {lon}, latitude {lat}). "
            "Check the reference system, the datum and the order of longitude and latitude."
        ),
    ),
    "crs_not_lonlat": (
        "这里只收经纬度（EPSG:4326 或 4490），文件写的是 {crs}。请用导入功能并指明坐标系。",
        (
            "Only longitude and latitude (EPSG:4326 or 4490) are taken here; this says {crs}. "
            "Use the import, which takes a reference system."
        ),
    ),
    "crs_unreadable": (
        "看不懂坐标系“{crs}”。请写 EPSG 代码，例如 EPSG:4546。",
        "The reference system '{crs}' cannot be understood. Give an EPSG code, such as EPSG:4546.",
    ),
    "crs_not_horizontal": (
        "坐标系 {crs} 不是平面或经纬度坐标系。",
        "{crs} is not a geographic or projected reference system.",
    ),
    "crs_old_datum": (
        (
            "不接收 {crs}：西安80、北京54 到 CGCS2000 的转换参数不公开，直接换算会差几十至上百米。"
            "请测绘单位提供 CGCS2000 成果（{choices}）。"
        ),
        (
            "{crs} is refused: the parameters from Xi'an 80 or Beijing 54 to CGCS2000 are not "
            "public, and without them the result is off by up to 100 m. Ask for CGCS2000 data "
            "({choices})."
        ),
    ),
    "crs_imprecise": (
        "不接收 {crs}：没有精度 1 米以内的公开转换。可用：{choices}。",
        "{crs} is refused: no public transformation is good to 1 m. Use one of {choices}.",
    ),
    "datum_needed": (
        (
            "文件没有说明坐标基准{looks_zh}。网上地图的坐标多半偏移几百米，不能猜。"
            "请用 --datum 指明：{datums}；或用 --crs 指明坐标系：{choices}。"
        ),
        (
            "The file does not say what its coordinates are{looks_en}. Coordinates from web maps "
            "are shifted by hundreds of metres, so this is not guessed. Say --datum (one of "
            "{datums}) or --crs (such as {choices})."
        ),
    ),
    "crs_needed": (
        (
            "文件没有说明坐标系{looks_zh}，这不是经纬度，只给坐标基准不够。"
            "请用 --crs 指明：{choices}。"
        ),
        (
            "The file does not say its reference system{looks_en}; these are not degrees, and a "
            "datum alone is not enough. Say --crs (such as {choices})."
        ),
    ),
    "crs_mismatch": (
        "坐标对不上坐标系 {crs}{looks_zh}。请检查坐标系、带号和坐标次序。可选：{choices}。",
        (
            "The coordinates do not fit {crs}{looks_en}. Check the system, the zone and the order "
            "of the axes. Use one of {choices}."
        ),
    ),
    "datum_unknown": (
        "坐标基准“{datum}”不认识。可选：{choices}。",
        "The datum '{datum}' is not known. Choose one of {choices}.",
    ),
}


class CrsRefused(BadInput):
    """A reference system or datum is missing, unreadable or refused; `reason` says which."""

    code = "bad_crs"

    def __init__(self, reason: str, **values: Any) -> None:
        super().__init__(*sentence(reason, **values), reason=reason)


def sentence(reason: str, **values: Any) -> tuple[str, str]:
    """The Chinese and the English sentence of a reason, filled in."""
    zh, en = SENTENCES[reason]
    return zh.format(**values).strip(), en.format(**values).strip()


def bad_geometry(reason: str, **values: Any) -> BadGeometry:
    """The error for a shape that cannot be used. Facts: `reason`, and `lon`, `lat` if known."""
    place = {key: values[key] for key in ("lon", "lat") if key in values}
    return BadGeometry(*sentence(reason, **values), reason=reason, **place)
