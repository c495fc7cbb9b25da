"""Streamlit's page taken down by an error of its own: an element for a place that is not there."""

import base64

from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.browser.people import Person

_SAY = """
(text) => {
  const data = Uint8Array.from(atob(text), (each) => each.charCodeAt(0)).buffer;
  window.beratungsraum.socket.dispatchEvent(new MessageEvent("message", { data }));
}
"""


def crash(person: Person) -> None:
    # Our scripts have begun: only then is it a page that was there.
    expect(person.page.locator("#connection.late")).to_have_count(0)
    said = ForwardMsg()
    said.delta.new_element.text.body = "nowhere"
    said.metadata.delta_path.extend([0, 500, 1])
    person.page.evaluate(_SAY, base64.b64encode(said.SerializeToString()).decode())
