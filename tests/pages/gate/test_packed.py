"""Scripts and styles come packed to a browser that can unpack them, to any other as they are."""

import asyncio
import gzip
from collections import Counter

import brotli
import pytest
from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from pages import doors
from pages.doors import packing
from pages.gate import packed
from pages.gate.middleware import Gate
from pages.ui import modules
from pages.upstream import installed

UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress}
[SCRIPT] = [f"/{each.relative_to(installed.static())}" for each in installed.main_scripts()]
STYLE = next(each for each in sorted(installed.files()) if each.endswith(".css"))
FONT = next(each for each in sorted(installed.files()) if each.endswith(".woff2"))
OURS = f"/{modules.address('page.js')}"


async def streamlits(_request):
    return PlainTextResponse("Streamlit's own")


@pytest.fixture
def behind_the_gate():
    rest = Route("/{path:path}", streamlits, methods=["GET", "HEAD"])
    return TestClient(Gate(Starlette(routes=[*doors.routes, rest])))


@pytest.mark.parametrize(
    ("said", "packer"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("BR;q=0.5, gzip;q=1.0", "br"),
        ("br;q=0, gzip", "gzip"),
        ("br; q=0.000 , gzip ; q=0.1", "gzip"),
        ("gzip;q=0", None),
        ("identity", None),
        ("xgzip, brr", None),
        ("*", None),
        ("", None),
    ],
)
def test_the_best_that_a_browser_can_unpack_is_taken(said, packer):
    assert packing.best(Headers({"accept-encoding": said})) == packer


@pytest.mark.parametrize("said", [*UNPACK, "identity"])
def test_streamlits_page_is_packed_each_time_and_says_whatever_it_is_told_to(said):
    answer = packing.page(Headers({"accept-encoding": said}), "<p>Grüße</p>", {"X-Told": "1"})
    unpack = UNPACK.get(said, bytes)
    assert unpack(answer.body).decode() == "<p>Grüße</p>"
    told = {name: answer.headers.get(name) for name in ("content-encoding", "vary", "x-told")}
    packer = said if said in UNPACK else None
    assert told == {"content-encoding": packer, "vary": "Accept-Encoding", "x-told": "1"}


def test_a_part_of_a_file_is_not_packed():
    assert packing.best(Headers({"accept-encoding": "gzip", "range": "bytes=0-9"})) is None


def raw(client, path, packer):
    with client.stream("GET", path, headers={"Accept-Encoding": packer}) as answer:
        return answer.headers, b"".join(answer.iter_raw())


@pytest.mark.parametrize("packer", ["br", "gzip"])
@pytest.mark.parametrize(
    ("path", "kind"), [(SCRIPT, "text/javascript"), (STYLE, "text/css"), (OURS, "text/javascript")]
)
def test_what_comes_packed_is_the_file_itself_and_much_smaller(behind_the_gate, path, kind, packer):
    told, body = raw(behind_the_gate, path, packer)
    as_it_is = (
        modules.MODULES["page.js"]
        if path == OURS
        else (installed.static() / path.removeprefix("/")).read_bytes()
    )
    assert UNPACK[packer](body) == as_it_is
    assert len(body) < len(as_it_is) / 2
    assert (told["content-encoding"], told["vary"]) == (packer, "Accept-Encoding")
    assert told["content-type"] == f"{kind}; charset=utf-8"
    assert told["cache-control"] == "public, immutable, max-age=31536000"
    assert told["x-content-type-options"] == "nosniff"
    assert int(told["content-length"]) == len(body)


@pytest.mark.parametrize(
    ("path", "said"), [(SCRIPT, "identity"), (FONT, "br"), ("/favicon.png", "br")]
)
def test_what_cannot_be_unpacked_or_is_packed_already_is_streamlits(behind_the_gate, path, said):
    told, body = raw(behind_the_gate, path, said)
    assert (body, told.get("content-encoding")) == (b"Streamlit's own", None)


def test_a_file_is_packed_once_however_many_ask_at_once(monkeypatch):
    monkeypatch.setattr(packing, "_packed", {})
    done = Counter()

    def pack(data):
        done[len(data)] += 1
        return gzip.compress(data)

    monkeypatch.setitem(packing.PACKERS, "br", pack)

    scope = {
        "type": "http",
        "method": "GET",
        "path": SCRIPT,
        "headers": [(b"accept-encoding", b"br")],
    }

    async def many():
        return await asyncio.gather(*(packed.packed(scope) for _ in range(20)))

    assert len({answer.body for answer in asyncio.run(many())}) == 1
    assert list(done.values()) == [1]
