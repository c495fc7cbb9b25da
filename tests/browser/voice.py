"""One's own voice in the device test: what is pressed, and how loud what is played is."""

from playwright.sync_api import expect

from tests.browser.people import Visitor, wait_until

# What is played, and how loud it is: the root of the mean of its squares.
PLAYED = """
(() => {
  const make = URL.createObjectURL;
  URL.createObjectURL = (blob) => {
    const ours = blob instanceof Blob && !/javascript/.test(blob.type);
    if (ours) (window.played ??= []).push(listen(blob));
    return make(blob);
  };
  async function listen(blob) {
    const bytes = await blob.arrayBuffer();
    const sound = await new OfflineAudioContext(1, 48000, 48000).decodeAudioData(bytes);
    const samples = sound.getChannelData(0);
    const power = samples.reduce((sum, each) => sum + each * each, 0) / samples.length;
    return { seconds: sound.duration, loud: Math.sqrt(power) };
  }
})();
"""


def is_taken(person: Visitor) -> None:
    """From the device test in which everything has worked; a second press takes none beside it."""
    person.press("Mikrofon noch einmal prüfen")
    listen = person.page.get_by_role("button", name="Eigene Stimme anhören")
    listen.dblclick()
    expect(person.page.get_by_text("Bitte sprechen Sie jetzt ein paar Worte.")).to_be_visible()
    expect(listen).to_be_disabled()
    wait_until(lambda: bool(person.page.evaluate("() => window.played?.length")), "it was taken")
    [taken] = person.page.evaluate("() => Promise.all(window.played)")
    assert taken["seconds"] > 2
    assert taken["loud"] > 0.001
