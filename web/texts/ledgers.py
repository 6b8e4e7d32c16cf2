"""English of the ledgers' pages."""

from __future__ import annotations

EN: dict[str, str] = {
    "台账": "Ledgers", "说明": "Note", "模板": "Template", "下载模板": "Download template",
    "导出 Excel": "Export to Excel", "导出 CSV": "Export CSV", "筛选": "Filter",
    "含有文字": "Contains", "全部": "All", "清除": "Clear", "共 {n} 行": "{n} rows",
    "含个人信息：电话遮盖，不批量导出": "Personal data: phones are masked, no bulk export",
    "地图": "Map", "在地图上看": "Show on the map", "没有符合条件的行。": "No row fits.",
    "翻页": "Pages", "上一页": "Previous", "下一页": "Next",
    "第 {now} / {last} 页": "Page {now} of {last}", "页码": "Page number", "跳转": "Go",
    "导入 .xlsx 或 .csv：先看差别，确认后才写入":
        "Import .xlsx or .csv: see the difference first, nothing is written before you confirm",
    "看差别": "See the difference", "编号": "Number", "下一步": "Next", "原因": "Reason",
    "原因（必填）": "Reason (required)", "说明（可不填）": "Note (optional)",
    "流程已结束。": "This has come to its end.",
    "您现在没有可走的步骤。": "There is no move open to you now.", "经过": "History",
    "还没有流转记录。": "Nothing has happened yet.", "导入": "Import",
    "导入前的差别": "What the import would change", "已导入": "Imported",
    "在您查看期间台账有变化，没有写入。下面是新的差别，请再确认。":
        "The ledger changed while you were looking; nothing was written. Confirm this difference.",
    "已写入并记入日志。": "Written, and entered in the journal.", "读到": "Read",
    "新增": "Added", "修改": "Changed", "未变": "Unchanged", "拒绝": "Refused",
    "没有读这些列：": "Columns not read: ", "没有读这些工作表：": "Sheets not read: ",
    "确认写入 {n} 行": "Write {n} rows", "放弃": "Leave it",
    "被拒绝的行不写入，可改好后再导入。": "Refused rows are not written; correct and import again.",
    "没有要写入的内容。": "There is nothing to write.", "拒绝的行": "Refused rows", "行": "Row",
    "列": "Column", "只列出前 {n} 条。": "Only the first {n} are listed.",
    "写入的行": "Rows to write", "动作": "Action", "内容": "Content", "（空）": "(empty)",
}  # fmt: skip
