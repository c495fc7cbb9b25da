"""
The newest releases of the libraries whose insides we use, and which of our probes fail with them.

In an environment of its own, from the registry; the project's is not touched. Run: make
next-release. Exit code: how many probes fail.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIBRARIES = ("streamlit", "streamlit-webrtc", "uvicorn", "aiortc", "aioice", "pylibsrtp")
PROBE = """
import importlib.metadata, json, sys
from functools import partial
from core.media.transport import private_names
from pages import upstream
from pages.call import worker
from pages.gate.socket_limits import control_frames
from pages.upstream import uvicorn_sockets

probes = {each.__name__: each.prepare for each in upstream.ALONE}
probes |= {
    "pages.upstream.uvicorn_sockets": partial(uvicorn_sockets.prepare, control_frames),
    "pages.call.worker": worker.prepare,
    "core.media.transport.private_names": private_names.check,
}
said = {}
for name, probe in probes.items():
    try:
        probe()
    except (RuntimeError, AttributeError, ImportError) as changed:
        said[name] = str(changed)
    else:
        said[name] = ""
versions = {each: importlib.metadata.version(each) for each in json.loads(sys.argv[1])}
print(json.dumps({"versions": versions, "said": said}))
"""


def probed(python: Path) -> dict[str, dict[str, str]]:
    """With the libraries of this Python: their versions, and what each probe says; "": it holds."""
    command = [str(python), "-c", PROBE, json.dumps(LIBRARIES)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if ended.returncode:
        # Not even imported: the last line names what is no longer there.
        return {"versions": {}, "said": {"import": ended.stderr.strip().splitlines()[-1]}}
    said: dict[str, dict[str, str]] = json.loads(ended.stdout.splitlines()[-1])
    return said


def _unpinned() -> Iterator[str]:
    """What the app needs, but of these libraries whatever is newest."""
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines():
        name = line.partition("==")[0].partition("[")[0]
        yield name if name in LIBRARIES else line


def _newest(folder: Path) -> Path:
    """A Python with the newest releases."""
    python = folder / "bin" / "python"
    wanted = folder / "requirements.txt"
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    wanted.write_text("\n".join([*_unpinned(), *LIBRARIES]), encoding="utf-8")
    subprocess.run([str(python), "-m", "pip", "install", "-q", "-U", "-r", str(wanted)], check=True)
    return python


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        found = probed(_newest(Path(name)))
    ours = probed(Path(sys.executable))["versions"]
    for library, version in found["versions"].items():
        other = "" if version == ours[library] else f", ours {ours[library]}"
        sys.stdout.write(f"{library} {version}{other}\n")
    for probe, said in found["said"].items():
        sys.stdout.write(f"fails  {probe}: {said}\n" if said else f"holds  {probe}\n")
    return sum(map(bool, found["said"].values()))


if __name__ == "__main__":
    sys.exit(main())
