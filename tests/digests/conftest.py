"""The world of a digest, for the tests that run one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.digests.world import World, made_in


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with made_in(tmp_path) as made:
        yield made
