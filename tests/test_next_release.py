"""What `make next-release` would say of the libraries that are installed."""

import sys
from pathlib import Path

from tests import next_release


def test_every_probe_holds_with_what_is_installed():
    found = next_release.probed(Path(sys.executable))
    assert set(found["versions"]) == set(next_release.LIBRARIES)
    assert {probe: said for probe, said in found["said"].items() if said} == {}
    assert len(found["said"]) == 9


def test_a_library_that_cannot_even_be_imported_is_named(monkeypatch):
    monkeypatch.setattr(next_release, "PROBE", "import no_such_library")
    found = next_release.probed(Path(sys.executable))
    assert found["said"] == {"import": "ModuleNotFoundError: No module named 'no_such_library'"}
