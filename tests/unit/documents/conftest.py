from __future__ import annotations

from pathlib import Path

import pytest

from jukinet.documents.glyphs import DocumentFont, load_font
from jukinet.domain.errors import FontMissingError
from tests.builders_documents import Keys, municipal_keys


@pytest.fixture(scope="session")
def font() -> DocumentFont:
    try:
        return load_font()
    except FontMissingError as error:
        pytest.skip(error.detail)


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    return municipal_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Keys:
    """Return the keys of another network, for the same municipality."""
    return municipal_keys(tmp_path)
