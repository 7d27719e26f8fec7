#!/usr/bin/env bash
# Build .venv from the lock file, hash by hash, and install jukinet itself into it.
# `make` runs this when the lock file or pyproject.toml is newer than .venv/ready.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/as-root.sh

say() { printf 'environment: %s\n' "$*" >&2; }

is_fit() {
  "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1
}

# Print every interpreter that is fit, the best tried first.
fit_interpreters() {
  local name
  for name in python3.11 python3.12 python3.13 python3 /usr/bin/python3; do
    if is_fit "$name"; then printf '%s\n' "$name"; fi
  done
}

make_venv() {
  local python
  for python in $(fit_interpreters); do
    if "$python" -m venv --clear .venv >/dev/null 2>&1; then
      say "$("$python" --version) ($python)"
      return 0
    fi
  done
  return 1
}

require_venv() {
  if [[ -x .venv/bin/python ]] && is_fit .venv/bin/python && .venv/bin/python -m pip --version >/dev/null 2>&1; then
    return 0
  fi
  if make_venv; then return 0; fi
  if command -v apt-get >/dev/null && may_be_root; then
    say "no Python of 3.11 or newer can make a virtual environment: installing python3-venv"
    install_packages python3 python3-venv || true
    if make_venv; then return 0; fi
  fi
  say "jukinet needs Python 3.11 or newer with the venv module, and found none that works."
  say "On Debian 12 or newer:  sudo apt-get install python3 python3-venv    then run make again."
  exit 1
}

require_venv
rm -f .venv/ready
say "installing the locked packages (a few minutes the first time)"
pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input)
"${pip[@]}" install -qq --require-hashes -r requirements/locked.txt
"${pip[@]}" install -qq --no-deps --no-build-isolation --editable .
touch .venv/ready
