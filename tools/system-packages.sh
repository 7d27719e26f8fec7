#!/usr/bin/env bash
# Install what the browser tests need and the machine lacks: a browser, and fonts that can draw Japanese names.
# Without the right to install, say what is missing and go on: those tests then skip and say why.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/as-root.sh

say() { printf 'system packages: %s\n' "$*" >&2; }

missing=()
if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then missing+=(chromium); fi
if command -v dpkg-query >/dev/null; then
  for package in fonts-ipamj-mincho fonts-noto-cjk; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
fi

if [[ ${#missing[@]} == 0 ]]; then exit 0; fi
if ! command -v apt-get >/dev/null || ! may_be_root; then
  say "missing: ${missing[*]} (browser tests will skip, or draw boxes for Japanese). To have them: sudo apt-get install ${missing[*]}"
  exit 0
fi
say "installing ${missing[*]}"
install_packages "${missing[@]}" || say "could not install ${missing[*]}: browser tests will skip"
