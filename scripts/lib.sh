# Shared by the installing scripts; sourced, not run.

readonly STAMPS=.venv/.installed

say() { printf '%s · %s\n' "$1" "$2" >&2; }

fail() {
    printf '\n%s\n%s\n' "$1" "$2" >&2
    exit 1
}

# Stamps: a step is skipped while what it was made from is the same. The folder is part of the key
# because the programs in a virtual environment carry its path.
key_of() { { pwd; cat "$@"; } | sha256sum | cut -d' ' -f1; }

is_done() { [[ -r $STAMPS/$1 && $(<"$STAMPS/$1") == "$2" ]]; }

mark_done() { mkdir -p "$STAMPS" && printf '%s\n' "$2" >"$STAMPS/$1"; }

# Runs a command as root: directly, or with sudo (asking only where someone can answer).
can_be_root() {
    ((EUID == 0)) && return
    command -v sudo >/dev/null || return
    sudo -n true 2>/dev/null || [[ -t 0 && -t 2 ]]
}

as_root() { if ((EUID == 0)); then "$@"; else sudo "$@"; fi; }

# apt_install NAME...: quiet; false when there is no apt or no right to use it.
apt_install() {
    command -v apt-get >/dev/null && can_be_root || return
    say "安装系统软件包：$*" "installing system packages"
    local -a how=(env DEBIAN_FRONTEND=noninteractive UCF_FORCE_CONFFOLD=1 apt-get -qq)
    as_root "${how[@]}" update >&2 || true # an old list may still do
    as_root "${how[@]}" install -y --no-install-recommends \
        -o Dpkg::Options::=--force-confold -o Dpkg::Use-Pty=0 "$@" >/dev/null
}
