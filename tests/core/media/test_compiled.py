"""Compiled, the steps of a packet do the same; what is compiled of other sources is refused."""

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from core.media import compiled

ROOT = compiled.ROOT
TRIED = (
    "tests/core/media/test_over_the_network.py",
    "tests/core/media/test_out_over_the_network.py",
    "tests/core/media/packets/test_outlet.py",
    "tests/core/media/packets/test_inlet.py",
    "tests/core/media/packets/test_rtp.py",
    "tests/core/media/packets/test_extensions.py",
    "tests/core/media/packets/test_keyframes.py",
    "tests/core/media/transport/test_encryption.py",
    "tests/core/media/transport/test_port.py",
)
COMPILES = shutil.which("cc") and Path(sysconfig.get_path("include"), "Python.h").exists()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what there is to compile and to try."""
    for folder in ("core", "tests", "migrations", "locales"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("pyproject.toml", "app.py"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


@pytest.mark.skipif(not COMPILES, reason="a C compiler and Python's headers are needed")
def test_compiled_it_does_the_same_over_real_sockets(checkout):
    compiled.build(checkout)
    assert len(compiled.made(checkout)) == len(compiled.MODULES) + 1
    # The clock of a compiled module cannot be replaced.
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TRIED]
    told = subprocess.run(
        [*command, "-k", "not (so_many_a_second or held or lately or have_proved)"],
        cwd=checkout,
        env={key: value for key, value in os.environ.items() if not key.startswith("PYTEST")},
        capture_output=True,
        text=True,
    )
    assert told.returncode == 0, told.stdout
    which = (
        "from core.media import compiled; from core.media.packets import rtp; "
        "compiled.check(); print(rtp.__file__)"
    )
    [file] = subprocess.check_output(
        [sys.executable, "-c", which], cwd=checkout, text=True
    ).splitlines()
    assert Path(file).parent == checkout / "core/media/packets"
    assert file.endswith(".so")


def test_what_is_compiled_of_older_sources_is_refused(tmp_path, monkeypatch):
    media = tmp_path / "core/media"
    packets = media / "packets"
    packets.mkdir(parents=True)
    monkeypatch.setattr(compiled, "MEDIA", media)
    for module in ("rtp", "inlet", "limit"):
        (packets / f"{module}.py").touch()
    machine_code = packets / "rtp.cpython-311-x86_64-linux-gnu.so"
    compiled.check()
    machine_code.touch()
    compiled.check()
    os.utime(packets / "rtp.py", (machine_code.stat().st_mtime + 1,) * 2)
    with pytest.raises(compiled.Stale) as said:
        compiled.check()
    assert (
        str(said.value)
        == f"{machine_code.name} is older than its source: make compiled, or make clean"
    )
    compiled.remove(tmp_path)
    compiled.check()
