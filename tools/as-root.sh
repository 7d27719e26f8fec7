# Sourced, not run: `as_root COMMAND…` runs it as the superuser, `may_be_root` tells whether it can without asking.
may_be_root() {
  [[ "$(id -u)" == 0 ]] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

as_root() {
  if [[ "$(id -u)" == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

# Install Debian packages without questions; refresh the package lists only if they do not know the packages.
install_packages() {
  local quiet=(-qq -o DPkg::Lock::Timeout=300)
  if ! apt-cache show "$@" >/dev/null 2>&1; then
    as_root apt-get "${quiet[@]}" update
  fi
  if ! as_root env DEBIAN_FRONTEND=noninteractive apt-get "${quiet[@]}" install -y --no-install-recommends "$@"; then
    # The lists may be older than the mirror.
    as_root apt-get "${quiet[@]}" update
    as_root env DEBIAN_FRONTEND=noninteractive apt-get "${quiet[@]}" install -y --no-install-recommends "$@"
  fi
}
