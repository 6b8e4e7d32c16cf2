"""Why a file was not read: one sentence each, with what to do."""

from __future__ import annotations

from typing import Any

from gis.base.errors import BadInput, TooLarge


class UnreadableFile(BadInput):
    """The file is damaged, incomplete, or not what it claims to be. `reason` says which."""

    code = "unreadable_file"


class UnsupportedFormat(BadInput):
    """The content is of a kind that is not taken in, whatever the name says."""

    code = "unsupported_format"


class FileTooLarge(TooLarge):
    """More bytes, features or memory than one import may take."""

    code = "file_too_large"


class ReadTimeout(TooLarge):
    """Reading took longer than allowed."""

    code = "read_timeout"


class LayerNeeded(BadInput):
    """Several layers, and none was named. Facts: `layers`."""

    code = "layer_needed"


# reason -> (class, 中文, English)
SENTENCES: dict[str, tuple[type[BadInput], str, str]] = {
    "missing": (UnreadableFile, "没有这个文件：{name}。", "There is no such file: {name}."),
    "not_a_file": (
        UnreadableFile,
        "{name} 不是普通文件。",
        "{name} is not an ordinary file.",
    ),
    "not_permitted": (
        UnreadableFile,
        "没有读取 {name} 的权限。",
        "{name} may not be read: permission denied.",
    ),
    "empty_file": (UnreadableFile, "{name} 是空文件。", "{name} is empty."),
    "crashed": (
        UnreadableFile,
        "{name} 让读取程序崩溃了（{detail}），文件可能已损坏或是恶意构造的。",
        "{name} made the reader crash ({detail}); it is damaged or built to do harm.",
    ),
    "damaged": (
        UnreadableFile,
        "{name} 读不出来，可能已损坏或不完整：{detail}",
        "{name} cannot be read; it may be damaged or incomplete: {detail}",
    ),
    "not_json": (
        UnreadableFile,
        "{name} 不是完整的 JSON：{detail}",
        "{name} is not complete JSON: {detail}",
    ),
    "not_geojson": (
        UnreadableFile,
        "{name} 是 JSON，但不是 GeoJSON：{detail}",
        "{name} is JSON but not GeoJSON: {detail}",
    ),
    "encoding": (
        UnreadableFile,
        "{name} 的文字既不是 UTF-8 也不是 GB18030。请另存为 UTF-8。",
        "The text of {name} is neither UTF-8 nor GB18030. Save it as UTF-8.",
    ),
    "no_companion": (
        UnreadableFile,
        "Shapefile 缺少 {missing}。.shp、.shx、.dbf 要一起给（可以打成一个 zip）。",
        "The Shapefile lacks {missing}. Give .shp, .shx and .dbf together (a zip will do).",
    ),
    "shapefile_counts": (
        UnreadableFile,
        "Shapefile 的文件对不上：.shx 有 {shx} 条，.dbf 有 {dbf} 条，读出 {read} 条。请重新导出。",
        "The Shapefile's parts disagree: {shx} records in .shx, {dbf} in .dbf, {read} could be "
        "read. Export it again.",
    ),
    "truncated": (
        UnreadableFile,
        "{part} 不完整：应有 {expected} 字节，只有 {actual} 字节。",
        "{part} is cut short: {expected} bytes expected, {actual} there.",
    ),
    "rows_lost": (
        UnreadableFile,
        "{name} 里有 {expected} 条记录，只读出 {read} 条，文件已损坏。",
        "{name} holds {expected} records but only {read} could be read: it is damaged.",
    ),
    "still_open": (
        UnreadableFile,
        "{name} 还有没写完的修改（旁边有 {part}）。请先在 QGIS 等程序里关闭它。",
        "{name} has changes not yet written ({part} lies beside it). Close it in QGIS or whatever "
        "has it open.",
    ),
    "no_content": (
        UnreadableFile,
        "{name} 里既没有道路也没有居住区。",
        "{name} holds neither roads nor residential areas.",
    ),
    "no_layers": (UnreadableFile, "{name} 里没有任何图层。", "{name} holds no layer."),
    "no_such_layer": (
        UnreadableFile,
        "{name} 里没有图层“{layer}”。有：{layers}。",
        "{name} has no layer '{layer}'. It has: {layers}.",
    ),
    "layer_needed": (
        LayerNeeded,
        "{name} 里有几个图层，请指明用哪一个：{layers}。",
        "{name} holds several layers; say which one: {layers}.",
    ),
    "unsupported": (
        UnsupportedFormat,
        "不接收这种文件：{name} 的内容是{found_zh}。接收：GeoJSON、GPKG、Shapefile（可打成 zip）。",
        "This kind of file is not taken in: {name} holds {found_en}. Taken: GeoJSON, GPKG, "
        "Shapefile (may be zipped).",
    ),
    "zip_encrypted": (
        UnreadableFile,
        "{name} 加了密码，请解压后再给。",
        "{name} is protected by a password; unpack it first.",
    ),
    "zip_content": (
        UnsupportedFormat,
        "{name} 里应当正好有一个 Shapefile、GPKG 或 GeoJSON，找到：{found}。",
        "{name} should hold exactly one Shapefile, GPKG or GeoJSON; found: {found}.",
    ),
    "zip_too_large": (
        FileTooLarge,
        "{name} 解压后超过 {limit} MB 或文件过多，不予解压。",
        "{name} unpacks to more than {limit} MB or to too many files; it was not unpacked.",
    ),
    "too_many_bytes": (
        FileTooLarge,
        "{name} 有 {actual} MB，上限 {limit} MB。请拆成几个文件。",
        "{name} is {actual} MB; the limit is {limit} MB. Split it.",
    ),
    "too_many_features": (
        FileTooLarge,
        "{name} 有 {count} 条记录，上限 {limit} 条。请拆成几个文件。",
        "{name} holds {count} records; the limit is {limit}. Split it.",
    ),
    "out_of_memory": (
        FileTooLarge,
        "读 {name} 需要的内存超过 {limit} MB，已停止。请拆成几个文件。",
        "Reading {name} needs more than {limit} MB of memory; it was stopped. Split it.",
    ),
    "too_much_output": (
        FileTooLarge,
        "{name} 读出的数据过多，已停止。",
        "{name} yields too much data; it was stopped.",
    ),
    "timeout": (
        ReadTimeout,
        "读 {name} 超过 {seconds} 秒，已停止。",
        "Reading {name} took more than {seconds} s and was stopped.",
    ),
}


def failure(reason: str, **values: Any) -> BadInput:
    """The error for a reason. Facts: `reason`, and `layers` where there is a choice."""
    cls, zh, en = SENTENCES[reason]
    facts: dict[str, Any] = {"reason": reason}
    layers = values.get("layers")
    if isinstance(layers, list):
        facts["layers"] = layers
        values["layers"] = ", ".join(layers)
    return cls(zh.format(**values), en.format(**values), **facts)
