# Sourced, not run: `as_root COMMAND…` runs it as the superuser, `may_be_root` tells whether it can without asking.
may_be_root() {
  [[ "$(id -u)" == 0 ]] || { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }
}

as_root() {
  if [[ "$(id -u)" == 0 ]]; then "$@"; else sudo -n "$@"; fi
}

# Install Debian packages without questions; refresh the package lists only if that is needed.
install_packages() {
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=300 -o Dpkg::Use-Pty=0)
  if ! apt-cache show "$@" >/dev/null 2>&1; then
    as_root "${apt[@]}" update
  fi
  if ! as_root "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null; then
    # The lists may be older than the mirror.
    as_root "${apt[@]}" update
    as_root "${apt[@]}" install -y --no-install-recommends "$@" >/dev/null
  fi
}
