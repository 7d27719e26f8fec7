"""Fixtures every test may ask for. Each family has a module of its own."""

from __future__ import annotations

pytest_plugins = ["tests.fixtures_passwords", "tests.fixtures_postgres"]
