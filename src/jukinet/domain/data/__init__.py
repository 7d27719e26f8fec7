"""Bundled tables. `jukinet.domain.bundled` alone reads them; `tools/build_bundled_data.py` writes them."""
