"""
The evidence is whole: every OWASP ASVS requirement we look at has one answer, every threat
has a row, and every test, file and heading the documents name is there.

Knows no text of the ASVS, only its numbering. Source: OWASP ASVS 5.0.0.
"""

import ast
import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from core.settings import ROOT

# The levels of each section's requirements, in order: "1122" is two of level 1, two of level 2.
LEVELS = {
    "V1.1": "22",
    "V1.2": "1111122223",
    "V1.3": "112222222223",
    "V1.4": "222",
    "V1.5": "123",
    "V2.1": "122",
    "V2.2": "112",
    "V2.3": "12223",
    "V2.4": "23",
    "V3.1": "3",
    "V3.2": "113",
    "V3.3": "12223",
    "V3.4": "11222233",
    "V3.5": "11122333",
    "V3.6": "3",
    "V3.7": "22333",
    "V4.1": "12233",
    "V4.2": "23333",
    "V4.3": "22",
    "V4.4": "1222",
    "V5.1": "2",
    "V5.2": "112333",
    "V5.3": "113",
    "V5.4": "222",
    "V6.1": "122",
    "V6.2": "111111112222",
    "V6.3": "11223333",
    "V6.4": "112233",
    "V6.5": "22222333",
    "V6.6": "2223",
    "V6.7": "33",
    "V6.8": "2222",
    "V7.1": "222",
    "V7.2": "1111",
    "V7.3": "22",
    "V7.4": "11222",
    "V7.5": "223",
    "V7.6": "22",
    "V8.1": "1233",
    "V8.2": "1123",
    "V8.3": "133",
    "V8.4": "23",
    "V9.1": "111",
    "V9.2": "1222",
    "V10.1": "22",
    "V10.2": "223",
    "V10.3": "22223",
    "V10.4": "1111122222233333",
    "V10.5": "22222",
    "V10.6": "22",
    "V10.7": "222",
    "V11.1": "2233",
    "V11.2": "22233",
    "V11.3": "11233",
    "V11.4": "1222",
    "V11.5": "23",
    "V11.6": "23",
    "V11.7": "33",
    "V12.1": "12233",
    "V12.2": "11",
    "V12.3": "22223",
    "V13.1": "2333",
    "V13.2": "222223",
    "V13.3": "2233",
    "V13.4": "1222233",
    "V14.1": "22",
    "V14.2": "12223333",
    "V14.3": "122",
    "V15.1": "12233",
    "V15.2": "12233",
    "V15.3": "1222222",
    "V15.4": "3333",
    "V16.1": "2",
    "V16.2": "22222",
    "V16.3": "2222",
    "V16.4": "222",
    "V16.5": "2223",
    "V17.1": "23",
    "V17.2": "22223333",
    "V17.3": "22",
}
TEST = re.compile(r"tests/[\w/]+\.py::\w+")
STATES = {"done", "partly", "open", "operator", "absent"}
SETTLED = {"done", "absent"}


def asked_for() -> list[tuple[str, str]]:
    """Levels 1 and 2, and all of WebRTC."""
    return [
        (f"{section}.{number}", level)
        for section, levels in LEVELS.items()
        for number, level in enumerate(levels, 1)
        if level != "3" or section.startswith("V17.")
    ]


def answers() -> list[dict[str, str]]:
    with (ROOT / "docs/asvs.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def threats() -> list[list[str]]:
    """The rows of the table in docs/security.md: number, threat, control, tests, state."""
    rows = re.findall(r"^\| \d+ \|.*\|$", read("docs/security.md"), re.M)
    return [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]


@cache
def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@cache
def functions(name: str) -> frozenset[str]:
    """The tests in one file, also those in a class (a Hypothesis machine is one)."""
    if not (ROOT / name).is_file():
        return frozenset()
    nodes = ast.walk(ast.parse(read(name)))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    found = {node.name for node in nodes if isinstance(node, kinds)}
    named = {
        target.id
        for node in ast.parse(read(name)).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    return frozenset(each for each in found | named if each.lower().startswith("test"))


@cache
def headings(name: str) -> frozenset[str]:
    """The anchors of a document, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", read(name), re.M)
    return frozenset(re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles)


def is_there(evidence: str) -> bool:
    """A test, or a file with or without a heading."""
    name, _, test = evidence.partition("::")
    if test:
        return test in functions(name)
    name, _, heading = evidence.partition("#")
    return (ROOT / name).is_file() and (not heading or heading in headings(name))


def test_the_table_of_levels_is_that_of_asvs_5():
    assert Counter("".join(LEVELS.values())) == {"1": 70, "2": 183, "3": 92}


def test_every_requirement_is_answered_exactly_once():
    assert [(row["id"], row["level"]) for row in answers()] == asked_for()


def test_what_is_met_names_its_evidence_and_the_rest_gives_a_reason():
    for row in answers():
        assert row["status"] in {"met", "not applicable", "open"}, row["id"]
        given = (bool(row["test"].strip()), bool(row["reason"].strip()))
        assert given == ((row["status"] == "met"), row["status"] != "met"), row["id"]


def test_all_evidence_for_the_asvs_is_there():
    named = [(row["id"], each) for row in answers() for each in row["test"].split()]
    assert [each for each in named if not is_there(each[1])] == []


def test_every_threat_has_one_row_and_one_state():
    assert [int(row[0]) for row in threats()] == list(range(1, 45))
    assert {row[4] for row in threats()} <= STATES


def test_what_is_done_names_a_test():
    assert [row[0] for row in threats() if row[4] == "done" and not TEST.search(row[3])] == []


def test_what_is_not_done_is_listed_again_below():
    below = read("docs/security.md").partition("## What is open")[2]
    listed = [int(number) for number in re.findall(r"^- \*\*(\d+)\b", below, re.M)]
    assert listed == [int(row[0]) for row in threats() if row[4] not in SETTLED]


@pytest.mark.parametrize(
    "document", sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").rglob("*.md"))
)
def test_every_test_and_file_a_document_names_is_there(document):
    text = read(document)
    assert [each for each in TEST.findall(text) if not is_there(each)] == []
    links = re.findall(r"\]\(([^)\s]+)\)", text)
    folder = (ROOT / document).parent
    ours = [each for each in links if "://" not in each and not each.startswith("mailto:")]
    assert [each for each in ours if not leads_somewhere(folder, document, each)] == []


def leads_somewhere(folder: Path, document: str, link: str) -> bool:
    name, _, heading = link.partition("#")
    target = (folder / name).resolve() if name else ROOT / document
    if heading and target.is_file():
        return heading in headings(str(target.relative_to(ROOT)))
    return target.exists()


@pytest.mark.parametrize(
    "evidence",
    [
        "tests/test_evidence.py::test_nothing",
        "tests/test_nothing.py::test_nothing",
        "tests/test_evidence.py::read",
        "docs/nothing.md",
        "docs/states.md#nothing",
    ],
)
def test_what_is_not_there_is_noticed(evidence):
    assert not is_there(evidence)
