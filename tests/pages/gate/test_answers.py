"""What the gate answers over HTTP, from the app as it is really served."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.testclient import TestClient

from core import access, clock
from core.office import staff_sessions
from core.settings import settings
from pages.doors.form import MAX_BYTES
from pages.gate import headers, refusals
from pages.upstream import installed
from tests.browser.server import LOGIN, PASSWORD, PHONE, Served, serve
from tests.jars import link_jar

PLAIN = (
    "default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
SECURITY = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "SAMEORIGIN",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
UPGRADE = {
    "connection": "Upgrade",
    "upgrade": "websocket",
    "sec-websocket-version": "13",
    "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==",
}
UNKNOWN = [
    "/foo",
    "/TERMIN/x",
    "/termin/x/_stcore/health",
    "/termin/_stcore/host-config",
    "/tagesplan/",
    "/beratung/3",
    "//evil.example",
    "/anmelden/x",
    "/static",
    "/static/js",
    "/static/css",
    "/static/media",
    "/%74ermin",
    "/%74ermin/x",
    "/anmelde%6E",
    "/_stcore/%68ealth",
    "/%5fstcore/host-config",
    "/static/%6as/x",
    "/termin/%2e%2e/_stcore/health",
    "/_stcore/",
    "/_stcore/metrics",
    "/_stcore/script-health-check",
    "/_stcore/upload_file/x/y",
    "/_stcore/bidi-components/x",
    "/_stcore/agent/openapi.json",
    "/_stcore/agent/mcp",
    "/_stcore/agent/interact",
    "/_stcore/allowed-message-origins",
    "/media/x",
    "/component/other/index.html",
    "/component/streamlit_webrtc.component.webrtc_streamer/index.html",
    "/app/static/x",
    "/manifest.json",
    "/auth/login",
    "/oauth2callback",
    "/index.html",
]


@dataclass(frozen=True)
class Site:
    """The served app, asked without a browser."""

    served: Served
    http: httpx.Client
    staff: dict[str, str]  # the cookies of somebody who is signed in

    def raw(self, method: str, target: str) -> int:
        """The status for a target that httpx would tidy up first."""
        return self.http.request(method, "/", extensions={"target": target.encode()}).status_code


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with (
        serve(tmp_path_factory.mktemp("site")) as served,
        httpx.Client(base_url=served.base_url) as http,
    ):
        token = staff_sessions.sign_in(clock.now(), LOGIN, PASSWORD)
        yield Site(served, http, {"Cookie": f"beratung={token}"})


def test_every_kind_of_answer_has_every_header(site: Site) -> None:
    big = b"x" * (MAX_BYTES + 1)
    own = {"origin": site.served.base_url}
    asked = [
        ("GET", "/tagesplan", site.staff, 200),
        ("GET", "/tagesplan", {}, 303),
        ("GET", "/", {}, 200),
        ("GET", "/termin", {}, 404),
        ("GET", "/anmelden", {}, 200),
        ("GET", "/favicon.png", {}, 200),
        ("GET", "/static/nothing.js", {}, 404),
        ("GET", "/_stcore/health", {}, 200),
        ("GET", "/_stcore/host-config", {}, 200),
        ("GET", "/foo", {}, 404),
        ("DELETE", "/anmelden", {}, 405),
        ("POST", "/anmelden", {"origin": "https://evil.example"}, 403),
        ("POST", "/anmelden", own, 413),
        ("GET", "/_stcore/stream", UPGRADE, 403),
        ("GET", "/elsewhere", UPGRADE, 404),
    ]
    for method, path, sent, status in asked:
        body = big if status == 413 else b""
        answer = site.http.request(method, path, headers=sent, content=body)
        said = answer.headers
        assert (path, answer.status_code) == (path, status)
        referrer = "same-origin" if (path, status) == ("/anmelden", 200) else "no-referrer"
        assert {name: said.get(name) for name in SECURITY} == {
            **SECURITY,
            "referrer-policy": referrer,
        }
        assert "content-security-policy" in said
        assert said["permissions-policy"].startswith("camera=(self), microphone=(self), display-c")
        assert "strict-transport-security" not in said  # served by http here
        assert "set-cookie" not in said or path == "/anmelden"


@pytest.mark.parametrize("kind", [".js", ".css", ".woff2"])
@pytest.mark.parametrize("unpacks", ["br", "identity"])
def test_a_file_may_use_nothing_and_says_so_in_few_words(
    site: Site, kind: str, unpacks: str
) -> None:
    path = next(each for each in sorted(installed.files()) if each.endswith(kind))
    said = site.http.get(path, headers={"Accept-Encoding": unpacks}).headers
    assert {name: said.get(name) for name in SECURITY} == SECURITY
    policy = "default-src 'none'; frame-ancestors 'none'"
    assert (said["content-security-policy"], "permissions-policy" in said) == (policy, False)


def test_a_packed_page_repeats_nothing_that_is_asked_for(site: Site) -> None:
    """Or its size would tell a stranger what else is in it (BREACH)."""
    secret = site.served.plan().link.rpartition("/")[2]
    jar, key = link_jar(secret), access.link_key(secret)
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    odd = {"Accept-Language": "x-marker", "User-Agent": "marker", "X-A": "marker"}
    packed = site.http.get(f"/termin?t={key}&marker=marker", headers={**cookie, **odd})
    assert packed.headers["content-encoding"] == "br"
    assert ("Anna Berger" in packed.text, "marker" in packed.text) == (True, False)
    assert packed.text == site.http.get(f"/termin?t={key}", headers=cookie).text


def test_a_file_the_browser_has_already_has_its_headers_too(site: Site) -> None:
    tag = site.http.get("/favicon.png").headers["etag"]
    answer = site.http.get("/favicon.png", headers={"if-none-match": tag})
    assert (answer.status_code, answer.headers["x-frame-options"]) == (304, "SAMEORIGIN")


def test_pages_with_scripts_have_one_policy_and_plain_ones_a_stricter(site: Site) -> None:
    for path in ("/", "/anmelden", "/foo", "/termin"):
        assert site.http.get(path).headers["content-security-policy"] == PLAIN
    for path, sent in (
        ("/tagesplan", site.staff),
        ("/favicon.png", {}),
    ):
        policy = site.http.get(path, headers=sent).headers["content-security-policy"]
        rules = dict(each.split(" ", 1) for each in policy.split("; "))
        assert rules["default-src"] == rules["object-src"] == rules["base-uri"] == "'none'"
        assert (rules["frame-ancestors"], "frame-src" in rules) == ("'self'", False)
        scripts = rules["script-src"].split()
        assert scripts[:3] == ["'self'", "blob:", "'wasm-unsafe-eval'"]
        assert [each.startswith("'sha256-") for each in scripts[3:]] == [True] * 4
        assert rules["connect-src"] == f"'self' {site.served.base_url.replace('http', 'ws')}"


def test_under_https_browsers_are_told_to_stay_there(house, monkeypatch) -> None:
    assert "Strict-Transport-Security" not in headers.every("")
    monkeypatch.setenv("BERATUNGSRAUM_BASE_URL", "https://beratung.example.de/termine")
    settings.cache_clear()
    hsts = headers.every("")["Strict-Transport-Security"]
    assert hsts == "max-age=31536000; includeSubDomains"


@pytest.mark.parametrize("path", UNKNOWN)
def test_what_we_do_not_have_is_not_there_whatever_the_method(site: Site, path: str) -> None:
    methods = ("GET", "HEAD", "POST", "PUT", "OPTIONS")
    assert [site.raw(method, path) for method in methods] == [404] * len(methods)


def test_the_page_for_an_unknown_address_is_plain_and_german(site: Site) -> None:
    answer = site.http.get("/foo/bar")
    assert "<h1>Diese Seite gibt es nicht</h1>" in answer.text
    assert answer.headers["cache-control"] == "no-store"


def test_a_link_that_mail_has_damaged_gets_the_page_of_links_all_the_same(site: Site) -> None:
    unknown = site.http.get("/termin/x")
    for damaged in ("/termin/x%0A", "/termin/x%E2%80%8B", "/termin/%20x/y"):
        answer = site.http.get(damaged)
        assert (answer.status_code, answer.text.count(PHONE)) == (404, 1)
        assert answer.text.count("<h1>") == unknown.text.count("<h1>") == 1
    assert site.http.get("/termi%6E/x").text.count(PHONE) == 0


def test_pages_and_files_are_only_read(site: Site) -> None:
    for path in ("/", "/tagesplan", "/favicon.png", "/_stcore/health"):
        for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
            answer = site.http.request(method, path)
            assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    answer = site.http.request("OPTIONS", "/anmelden")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, POST")


def test_streamlits_page_is_ours_and_never_kept(site: Site) -> None:
    answer = site.http.get("/tagesplan", headers=site.staff)
    assert answer.text.count("<html") == answer.text.count('<html lang="de" dir="ltr">') == 1
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


def test_nobody_outside_may_give_streamlits_page_orders(site: Site) -> None:
    assert site.http.get("/_stcore/host-config").json() == {
        "allowedOrigins": [],
        "useExternalAuthToken": False,
        "enableCustomParentMessages": False,
        "enforceDownloadInNewTab": False,
        "metricsUrl": "",
        "blockErrorDialogs": True,
        "resourceCrossOriginMode": None,
    }


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost", ""])
def test_only_our_own_form_is_taken(site: Site, origin: str) -> None:
    assert site.http.post("/anmelden", headers={"origin": origin}).status_code == 403
    assert site.http.post("/anmelden").status_code == 403
    own = site.http.post("/anmelden", headers={"origin": site.served.base_url})
    assert own.status_code == 415  # let through to the door, which misses a form in it


def test_a_form_is_read_up_to_a_limit_even_if_it_does_not_say_its_length(site: Site) -> None:
    def stream(length: int) -> Iterator[bytes]:
        for _ in range(length // 1024):
            yield b"x" * 1024

    own = {"origin": site.served.base_url, "content-type": "application/x-www-form-urlencoded"}
    fits = site.http.post("/anmelden", content=stream(MAX_BYTES), headers=own)
    over = site.http.post("/anmelden", content=stream(MAX_BYTES + 1024), headers=own)
    assert (fits.status_code, over.status_code) == (403, 413)  # the door misses its token


def test_a_foreign_page_learns_nothing_and_asks_nobody_in_our_name(site: Site) -> None:
    before = time.monotonic()
    for path in ("/_stcore/health", "/_stcore/host-config"):
        answer = site.http.get(path, headers={"origin": "https://evil.example"})
        assert "access-control-allow-origin" not in answer.headers
    # Streamlit would ask an outside host for its own address first, for a second or two.
    assert time.monotonic() - before < 1


def test_even_a_failure_is_said_in_german_with_every_header(house) -> None:
    def fail(_request: Request) -> Response:
        raise ValueError("Emil Özdemir")

    app = Starlette(routes=[Route("/", fail)], exception_handlers={Exception: refusals.failed})
    answer = TestClient(app, raise_server_exceptions=False).get("/")
    assert answer.status_code == 500
    assert "<h1>Das hat leider nicht geklappt</h1>" in answer.text
    assert "Emil Özdemir" not in answer.text
    assert {name: answer.headers.get(name) for name in SECURITY} == SECURITY
    assert answer.headers["content-security-policy"] == PLAIN
