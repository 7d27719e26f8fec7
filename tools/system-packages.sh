#!/usr/bin/env bash
# Install what the machine lacks: the font that documents are printed with, and for the browser tests (without the
# argument `font`) a browser and a font for the screens. Without the right to install, say what is missing and go on.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source tools/as-root.sh

say() { printf 'system packages: %s\n' "$*" >&2; }

only="${1:-}"
missing=()
fonts=(fonts-ipamj-mincho)
lost="documents cannot be printed"
if [[ "$only" != font ]]; then
  fonts+=(fonts-noto-cjk)
  lost="browser tests and tests of documents will skip, or draw boxes for Japanese"
  if ! command -v chromium >/dev/null && ! command -v google-chrome >/dev/null; then missing+=(chromium); fi
fi
if command -v dpkg-query >/dev/null; then
  for package in "${fonts[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
elif [[ "$only" == font ]]; then
  say "for printed documents, put ipamjm.ttf (IPAmj Mincho) into /usr/local/share/fonts or /Library/Fonts"
fi

if [[ ${#missing[@]} == 0 ]]; then exit 0; fi
if ! command -v apt-get >/dev/null || ! may_be_root; then
  say "missing: ${missing[*]} ($lost). To have them: sudo apt-get install ${missing[*]}"
  exit 0
fi
say "installing ${missing[*]}"
install_packages "${missing[@]}" || say "could not install ${missing[*]}: $lost"
