"""Every name our scripts and style sheets look for is there, or the app does not start."""

import re

import pytest

from core.settings import ROOT
from pages.upstream import installed, page_names
from pages.upstream.changed import UpstreamChanged


def test_every_name_is_in_the_page_as_it_is_installed():
    assert len(page_names.used()) > 20
    page_names.prepare()


@pytest.mark.parametrize("name", page_names.used())
def test_the_start_is_refused_when_one_of_them_is_gone(monkeypatch, tmp_path, name):
    others = [each for each in page_names.used() if each != name]
    (tmp_path / "static" / "js").mkdir(parents=True)
    (tmp_path / "static" / "js" / "main.js").write_text(f"{name}Other {' '.join(others)}")
    (tmp_path / "index.html").write_text('<script src="./static/js/main.js">')
    monkeypatch.setattr(installed, "static", lambda: tmp_path)
    with pytest.raises(UpstreamChanged, match=f"changed: {re.escape(name)}$"):
        page_names.prepare()


def test_the_list_of_them_is_true():
    listed = (ROOT / "docs" / "upstream.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `([\w-]+)` \| (`pages/ui/.*`) \|$", listed, re.M)
    used = page_names.used().items()
    assert rows == [
        (name, ", ".join(f"`pages/ui/{each}`" for each in files)) for name, files in used
    ]
