#!/usr/bin/env bash
# Write requirements/locked.txt: every dependency, for Python 3.11 to 3.13, with the hashes of its files.
# uv is fetched into a scratch environment; it is needed for nothing else (docs/adr/0009-lock-file-with-hashes.md).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT
uv="$(command -v uv || true)"
if [[ -z "$uv" ]]; then
  .venv/bin/python -m venv "$scratch/venv"
  "$scratch/venv/bin/pip" install --quiet --disable-pip-version-check uv
  uv="$scratch/venv/bin/uv"
fi
"$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --group dev "$@" \
  pyproject.toml --output-file requirements/locked.txt
