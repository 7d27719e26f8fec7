"""The bundled tables are what the originals give, and are all attributed."""

from __future__ import annotations

import gzip
import importlib.util
from pathlib import Path
from types import ModuleType
from typing import Final

import pytest

from jukinet.domain.bundled import given_name_rows

ROOT: Final = Path(__file__).resolve().parents[3]
DATA: Final = ROOT / "src" / "jukinet" / "domain" / "data"
BUILDER: Final = ROOT / "tools" / "build_bundled_data.py"


def load_builder() -> ModuleType:
    specification = importlib.util.spec_from_file_location("build_bundled_data", BUILDER)
    assert specification is not None
    assert specification.loader is not None
    builder = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(builder)
    return builder


def test_the_builder_gives_the_committed_tables_from_the_originals(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    builder = load_builder()
    monkeypatch.setattr(builder, "DATA", tmp_path)

    builder.main()

    built = sorted(path.name for path in tmp_path.iterdir())
    assert built == sorted(path.name for path in DATA.glob("*.gz"))
    for name in built:
        assert gzip.decompress((tmp_path / name).read_bytes()) == gzip.decompress((DATA / name).read_bytes()), name


def test_every_data_file_and_every_licence_text_is_named_in_the_notice() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    licences = sorted((ROOT / "LICENSES").iterdir())

    unnamed = [path.name for path in (*DATA.iterdir(), *licences) if path.suffix not in {".py", ""}]

    assert [name for name in unnamed if name not in notice] == []
    assert len(licences) == 6


def test_given_names_are_there_for_both_sexes() -> None:
    assert (len(given_name_rows(female=False)), len(given_name_rows(female=True))) == (702, 241)
    assert given_name_rows(female=True)[0][:2] == ("あい", "ai")
