"""What can keep the embedded database from running, one clear sentence each.

Every sentence is Chinese first, then English, and says what to do next. Command line and service
show it as it is, so nothing here may need a traceback to be understood.
"""

from __future__ import annotations

from ..errors import ServiceUnavailable


class ClusterError(ServiceUnavailable):
    """The database cannot be had; `reason` is one of SENTENCES, for scripts and tests."""

    code = "database_unavailable"

    @property
    def reason(self) -> str:
        """Which of SENTENCES this is."""
        return str(self.facts["reason"])


# reason -> (中文, English). Placeholders are filled by `fault(...)`.
SENTENCES: dict[str, tuple[str, str]] = {
    "no_server": (
        "没有找到 PostgreSQL 15 及以上版本的服务器程序。请安装：Debian/Ubuntu 用 "
        "`apt-get install postgresql postgresql-postgis`，conda 用 "
        "`conda install -c conda-forge postgresql postgis`；装在别处时用 LIANJIAN_PG_BIN 指明目录。"
        "找过：{searched}",
        "No PostgreSQL server of version 15 or later was found. Install it: on Debian/Ubuntu "
        "`apt-get install postgresql postgresql-postgis`, with conda "
        "`conda install -c conda-forge postgresql postgis`; if it is elsewhere, name its folder in "
        "LIANJIAN_PG_BIN. Searched: {searched}",
    ),
    "no_postgis": (
        "找到了 PostgreSQL {major}（{where}），但没有 PostGIS 扩展。请安装：Debian/Ubuntu 用 "
        "`apt-get install postgresql-{major}-postgis-3`，conda 用 "
        "`conda install -c conda-forge postgis`。",
        "PostgreSQL {major} is there ({where}) but its PostGIS extension is not. Install it: on "
        "Debian/Ubuntu `apt-get install postgresql-{major}-postgis-3`, with conda "
        "`conda install -c conda-forge postgis`.",
    ),
    "format": (
        "数据文件夹 {data} 是 PostgreSQL {made} 的格式，而这台机器上能用的是：{found}。"
        "请安装 PostgreSQL {made} 及其 PostGIS（Debian/Ubuntu：postgresql-{made}-postgis-3）；"
        "或在原机器上导出，再导入新的数据文件夹。数据没有被改动。",
        "The data folder {data} has the format of PostgreSQL {made}; this machine offers: {found}. "
        "Install PostgreSQL {made} with PostGIS (Debian/Ubuntu: postgresql-{made}-postgis-3), or "
        "dump it where it was made and restore into a new data folder. No data was touched.",
    ),
    "foreign": (
        "{data} 里已有别的内容，不是本系统建的数据库，不会动它。"
        "请把 LIANJIAN_HOME 指向一个空文件夹，或先移走这些内容。",
        "{data} already holds something that this system did not make, and it will not be touched. "
        "Point LIANJIAN_HOME at an empty folder, or move the content away first.",
    ),
    "copied": (
        "{home} 是另一个数据文件夹 {other} 的副本，两者不能共用 {base} 里的数据库。"
        "请删除 {home}/postgres 这个链接后重新开始（会建一个空库），或继续使用 {other}。",
        "{home} is a copy of {other}; the two cannot share the database in {base}. Remove the link "
        "{home}/postgres to start with an empty one, or go on using {other}.",
    ),
    "lost": (
        "{home}/postgres 指向的数据库文件夹 {base} 不见了。"
        "请从备份恢复它；若数据可以不要，删除这个链接后重试。",
        "The database folder {base} that {home}/postgres points to is gone. Restore it from a "
        "backup or, if the data are not needed, remove the link and try again.",
    ),
    "not_ours": (
        "数据文件夹 {data} 属于操作系统用户 {owner}，当前用户 {me} 不能启动它。"
        "请用 {owner} 或 root 运行，或用 LIANJIAN_HOME 换一个文件夹。",
        "The data folder {data} belongs to the OS user {owner}; {me} cannot start it. Run as "
        "{owner} or as root, or choose another folder with LIANJIAN_HOME.",
    ),
    "no_name": (
        "操作系统用户编号 {uid} 没有用户名，PostgreSQL 无法以它运行。"
        "请在 /etc/passwd 里给它一个名字，或换一个用户。",
        "The OS user id {uid} has no name, and PostgreSQL cannot run under it. Give it an entry in "
        "/etc/passwd, or use another user.",
    ),
    "no_user": (
        "PostgreSQL 不允许以 root 运行，而这里没有 postgres 用户，也没能建立 lianjian 用户"
        "（{detail}）。"
        "请执行 `useradd --system lianjian`，或改用普通用户运行。",
        "PostgreSQL refuses to run as root, there is no user postgres here, and the user lianjian "
        "could not be made ({detail}). Run `useradd --system lianjian`, or be an ordinary user.",
    ),
    "no_switch": (
        "以 root 运行但不能切换到用户 {user}（{detail}）。请改用普通用户运行。",
        "Running as root, but switching to the user {user} is not permitted ({detail}). "
        "Run as an ordinary user.",
    ),
    "no_exec": (
        "用户 {user} 不能执行 {path}。请从发行版安装 PostgreSQL，"
        "或把 conda 环境装在该用户能进入的目录（不要放在 /root 下）。",
        "The user {user} may not execute {path}. Install PostgreSQL from the distribution, or put "
        "the conda environment where that user can enter (not under /root).",
    ),
    "no_entry": (
        "用户 {user} 进不去 {path}，数据库无法启动。"
        "请放开上级目录的进入权限（chmod o+x），或用 LIANJIAN_HOME 换一个文件夹。",
        "The user {user} cannot enter {path}, so the database cannot start. Allow entering its "
        "parent folders (chmod o+x), or choose another folder with LIANJIAN_HOME.",
    ),
    "no_write": (
        "不能在 {path} 建立数据文件夹（{detail}）。请检查权限，或用 LIANJIAN_HOME 换一个文件夹。",
        "The data folder cannot be made at {path} ({detail}). Check the permissions, or choose "
        "another folder with LIANJIAN_HOME.",
    ),
    "disk_full": (
        "磁盘已满：{path} 所在的磁盘只剩 {free_mb} MB，数据库至少需要 {need_mb} MB。"
        "请腾出空间后重试；已有数据没有受损。",
        "The disk is full: {free_mb} MB left under {path}, the database needs at least {need_mb} "
        "MB. Free some space and try again; existing data are unharmed.",
    ),
    "busy": (
        "另一个启动已占用 {lock} 超过 {seconds} 秒。请等它结束，或用 `fuser {lock}` 找到并结束它。",
        "Another start has held {lock} for more than {seconds} s. Wait for it, or find and end it "
        "with `fuser {lock}`.",
    ),
    "held_elsewhere": (
        "数据文件夹 {data} 正被看不见的进程使用，多半是另一个容器。请先停掉那一个。",
        "The data folder {data} is in use by a process that cannot be seen from here, most likely "
        "in another container. Stop that one first.",
    ),
    "initdb": (
        "建立数据库文件夹 {data} 失败：{detail}",
        "Making the database folder {data} failed: {detail}",
    ),
    "start": (
        "数据库没有启动：{detail}。详情见 {log}",
        "The database did not start: {detail}. See {log}",
    ),
    "slow": (
        "数据库 {seconds} 秒内没有就绪（可能仍在恢复）。请稍后重试；详情见 {log}",
        "The database was not ready within {seconds} s (it may still be recovering). Try again "
        "later; see {log}",
    ),
    "stop": (
        "数据库 {seconds} 秒内没有停下，进程号 {pids}。详情见 {log}",
        "The database did not stop within {seconds} s, process ids {pids}. See {log}",
    ),
    "absent": (
        "{home} 里还没有数据库。请先运行 `lianjian demo` 或任何需要数据库的命令。",
        "There is no database in {home} yet. Run `lianjian demo`, or any command that needs it.",
    ),
    "unreachable": (
        "连不上 LIANJIAN_DATABASE_URL 指定的数据库（{where}）。请检查地址、网络和它是否在运行。",
        "The database named by LIANJIAN_DATABASE_URL cannot be reached ({where}). Check the "
        "address, the network and whether it runs.",
    ),
    "bad_url": (
        "LIANJIAN_DATABASE_URL 不是 PostgreSQL 地址。写法：postgresql://用户:口令@主机:5432/库名",
        "LIANJIAN_DATABASE_URL is not a PostgreSQL address. "
        "Write it as postgresql://user:password@host:5432/database",
    ),
}


def fault(reason: str, **values: object) -> ClusterError:
    """The error for `reason` with its sentence filled in."""
    zh, en = SENTENCES[reason]
    return ClusterError(zh.format(**values), en.format(**values), reason=reason)
