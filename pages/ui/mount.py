"""How a script run puts a module of this folder on the page. Knows no page and no word."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from pages.ui.modules import HERE, address

# A module that could not be loaded is never asked for again by this page: first.js helps then.
_IMPORT = """
const address = new URL("{address}", document.baseURI);
const {{ default: draw }} = await import(address).catch((problem) => {{
  dispatchEvent(new Event("vite:preloadError"));
  throw problem;
}});
export default draw;
"""


def component(
    name: str, module: str, *, css: str | None = None, html: str = ""
) -> Callable[..., Any]:
    """
    Puts the module's default export on the page, with the page's own type and colours.

    `css` names a style sheet in this folder.
    """
    return st.components.v2.component(
        f"beratungsraum_{name}",
        html=html,
        css=(HERE / css).read_text(encoding="utf-8") if css else None,
        js=_IMPORT.format(address=address(module)),
        isolate_styles=False,
    )
