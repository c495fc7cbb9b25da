"""What a person reads in the HTML that `pages.parts.show` makes, and which tags it is made of."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

# Every tag our pages may write, with its attributes.
WRITTEN = {
    "h1": {"class", "data-words", "data-language"},
    "h2": {"class"},
    "p": {"class", "role"},
    "div": {"class", "role", "aria-label", "tabindex"},
    "dl": {"class"},
    "dt": set(),
    "dd": set(),
    "ol": {"class"},
    "li": {"class", "aria-current"},
    "ul": {"class"},
    "span": {"class", "aria-hidden"},
    "br": set(),
    "a": {"href", "target"},
    "bdi": set(),
    "footer": {"class"},
}
OURS = ("anmelden", "barrierefreiheit", "datenschutz", "hilfe")  # plain pages that others lead to


@dataclass
class Tag:
    """One element: its name, its attributes and all text inside, children's too."""

    name: str
    attributes: dict[str, str | None]
    text: str = ""
    children: list["Tag"] = field(default_factory=list)

    def all(self, name: str) -> list["Tag"]:
        """Every element of this name below this one, in order."""
        here = [self] if self.name == name else []
        return here + [found for child in self.children for found in child.all(name)]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Tag("", {})
        self.open = [self.root]
        self.foreign: list[str] = []

    def handle_starttag(self, name: str, attributes: list[tuple[str, str | None]]) -> None:
        tag = Tag(name, dict(attributes))
        self.open[-1].children.append(tag)
        if name == "br":
            self.handle_data("\n")
        else:
            self.open.append(tag)

    def handle_endtag(self, name: str) -> None:
        if self.open[-1].name != name:
            self.foreign.append(f"</{name}>")
        elif len(self.open) > 1:
            self.open.pop()

    def handle_data(self, text: str) -> None:
        # The host behind a link is a note of ours, no part of what somebody wrote.
        note = self.open[-1].attributes.get("class") == "host"
        for tag in self.open[-1:] if note else self.open:
            tag.text += text

    def handle_comment(self, text: str) -> None:
        self.foreign.append(f"<!--{text}-->")

    def handle_decl(self, text: str) -> None:
        self.foreign.append(f"<!{text}>")

    def unknown_decl(self, text: str) -> None:
        self.foreign.append(f"<![{text}]>")

    def handle_pi(self, text: str) -> None:
        self.foreign.append(f"<?{text}>")


def _read(body: str) -> _Reader:
    reader = _Reader()
    reader.feed(body)
    reader.close()
    return reader


def tree(body: str) -> Tag:
    """The elements of a piece of HTML below one nameless root."""
    return _read(body).root


def foreign(body: str) -> list[str]:
    """Whatever in a piece of HTML no page of ours writes."""
    reader = _read(body)
    found = reader.foreign + [f"<{tag.name} left open>" for tag in reader.open[1:]]
    for tag in below(reader.root):
        strange = set(tag.attributes) - WRITTEN.get(tag.name, set())
        if tag.name not in WRITTEN or strange:
            found.append(f"<{tag.name} {sorted(strange)}>")
        address = tag.attributes.get("href") or ""
        if tag.name == "a" and not (_leads_to_a_page(address) or _calls(tag)):
            found.append(f"<a href={address}>")
    return found


def _leads_to_a_page(address: str) -> bool:
    return address.lower().startswith(("http://", "https://", *OURS))


def _calls(link: Tag) -> bool:
    """A telephone number and nothing else: digits, and + before a country's."""
    address = link.attributes.get("href") or ""
    return set(link.attributes) == {"href"} and bool(re.fullmatch("tel:[+0-9]+", address))


def below(tag: Tag) -> list[Tag]:
    """Every element inside this one."""
    return [each for child in tag.children for each in (child, *below(child))]
