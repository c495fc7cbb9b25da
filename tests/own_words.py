"""
Which of what a page gives Streamlit may hold text from people, read from the code with `ast`.

Knows the rules, not the pages; `test_own_words.py` holds the pages to them.
"""

import ast
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.parts import deeds
from pages.staff import frame

# Buttons of our own, which hand on what they are called.
OURS = {"deeds.button": deeds.button, "frame.way": frame.way}
HAND_ON = {"pages.parts.deeds", "pages.staff.frame"}

# What pages use of Streamlit; anything else has to be thought about first.
FUNCTIONS = {
    *("button", "chat_input", "checkbox", "code", "date_input", "error", "expander", "form"),
    *("form_submit_button", "info", "radio", "selectbox", "text_input", "time_input", "warning"),
    *("columns", "container", "fragment", "navigation", "Page", "rerun", "set_page_config"),
    *("App", "stop", "switch_page"),
}
WORDLESS = {"App", "code", "fragment"}  # st.code shows what it is given, letter by letter
VALUES = {"components", "context", "query_params", "session_state", "sidebar"}
# Arguments that are not shown, or shown as they are (the value of a field, the body of st.code).
NOT_READ = {
    *("args", "autocomplete", "border", "clear_on_submit", "default", "enter_to_submit", "format"),
    *("format_func", "func", "gap", "height", "horizontal", "index", "kwargs", "key", "language"),
    *("layout", "max_chars", "on_change", "on_click", "on_submit", "page", "pages", "position"),
    *("query_params", "run_every", "scope", "spec", "step", "type", "url_path", "value"),
    *("vertical_alignment", "width", "do", "who", "about", "kind", "query"),
}
# What gives sentences of our own, times and numbers.
OWN = {"_", "why", "because", "moment", "minutes_since", "clock_time", "day", "len", "start_label"}
OWN |= {"failure_code", "language_name", "again_label", "trouble_label"}
METHODS = {name for name in dir(DeltaGenerator) if not name.startswith("_")}


@dataclass
class Module:
    """One file: its calls with the functions they stand in, and what it imports."""

    name: str
    tree: ast.Module
    faults: list[str] = field(default_factory=list)

    def check(self) -> list[str]:
        for node, scopes in _walk(self.tree, (self.tree,)):
            if isinstance(node, ast.Attribute) and _is_name(node.value, "st"):
                self._allowed(node, FUNCTIONS | VALUES)
            if isinstance(node, ast.Call) and (ours := self._ours(node.func)) is not None:
                self._arguments(node, inspect.signature(ours), scopes)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                self._streamlits(node, node.func, scopes)
        return sorted(set(self.faults))

    def _streamlits(self, node: ast.Call, func: ast.Attribute, scopes: tuple[ast.AST, ...]) -> None:
        if self._is_streamlit(node, func):
            self._allowed(func, FUNCTIONS)
            if func.attr in FUNCTIONS - WORDLESS:
                self._arguments(node, inspect.signature(getattr(st, func.attr)), scopes)

    def _ours(self, func: ast.expr) -> Callable[..., None] | None:
        inside = isinstance(func, ast.Name) and self.name in HAND_ON
        called = ast.unparse(func)
        return OURS.get(f"{self.name.rpartition('.')[2]}.{called}" if inside else called)

    def _allowed(self, node: ast.Attribute, names: set[str]) -> None:
        html = node.attr == "html" and self.name == "pages.parts.show"
        if node.attr not in names and not html:
            self._fault(node, f".{node.attr}")

    def _is_streamlit(self, call: ast.Call, func: ast.Attribute) -> bool:
        """A function of Streamlit's or a method of one of its containers, as far as one can see."""
        if _is_name(func.value, "st"):
            return True
        other = {"log", *_imported(self.tree)}
        ours = isinstance(func.value, ast.Name) and func.value.id in other
        return func.attr in METHODS and not ours and bool(call.args or call.keywords)

    def _arguments(
        self, call: ast.Call, signature: inspect.Signature, scopes: tuple[ast.AST, ...]
    ) -> None:
        """Each argument that people read is ours, and none is out of sight."""
        given = [each for argument in call.args for each in _spread(argument, scopes)]
        keywords = {each.arg or "**": each.value for each in call.keywords}
        known = {name: keywords[name] for name in keywords if name in signature.parameters}
        bound = signature.bind_partial(*given, **known).arguments
        choices = bound.get("format_func")
        if isinstance(choices, ast.Attribute) and choices.attr == "__getitem__":
            bound["options"] = choices.value
        elif isinstance(choices, ast.Name) and choices.id in OWN:
            bound.pop("options")  # codes; what is read of them is ours
        bad = [name for name in bound if name not in NOT_READ]
        bad = [name for name in bad if not self._own(bound[name], scopes)]
        for name in [*bad, *(name for name in keywords if name not in known)]:
            self._fault(call.func, f"{ast.unparse(call.func)}({name})")

    def _own(self, value: ast.expr, scopes: tuple[ast.AST, ...]) -> bool:
        """Whether nothing but our own words, times and numbers can be in this expression."""
        if isinstance(value, ast.Constant):
            return True
        if isinstance(value, ast.Name):
            return self._named(value.id, scopes)
        if isinstance(value, ast.Attribute):
            return value.attr == "title"  # of a page, itself an argument that is checked
        if isinstance(value, ast.Call):
            return self._called(value, scopes)
        parts = {
            ast.IfExp: lambda: [value.body, value.orelse],
            ast.BinOp: lambda: [value.left, value.right],
            ast.JoinedStr: lambda: value.values,
            ast.FormattedValue: lambda: [value.value],
            ast.Tuple: lambda: value.elts,
            ast.Dict: lambda: value.values,
            ast.Subscript: lambda: [value.value],
        }.get(type(value))
        return parts is not None and all(self._own(part, scopes) for part in parts())

    def _called(self, call: ast.Call, scopes: tuple[ast.AST, ...]) -> bool:
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        if name == "_":
            return all(isinstance(each, ast.Constant) for each in call.args)
        if name in ("format", "upper") and isinstance(call.func, ast.Attribute):
            values = [*call.args, *(each.value for each in call.keywords)]
            return all(self._own(each, scopes) for each in (call.func.value, *values))
        return name in OWN

    def _named(self, name: str, scopes: tuple[ast.AST, ...]) -> bool:
        """Every value it is ever given, in the innermost function that gives it one."""
        for number in range(len(scopes), 0, -1):
            scope = scopes[number - 1]
            if isinstance(scope, ast.FunctionDef | ast.Lambda):
                arguments = scope.args
                named = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
                if name in (each.arg for each in named):
                    # Who calls our own button is checked for what is handed on here.
                    return name == "label" and self.name in HAND_ON
            given = _given(name, scope)
            if given:
                return all(self._own(value, scopes[:number]) for value in given)
        return False

    def _fault(self, node: ast.expr, what: str) -> None:
        self.faults.append(f"{self.name}:{node.lineno} {what}")


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _imported(tree: ast.Module) -> set[str]:
    names = [node.names for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    return {alias.asname or alias.name.partition(".")[0] for each in names for alias in each}


def _walk(
    node: ast.AST, scopes: tuple[ast.AST, ...]
) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    for child in ast.iter_child_nodes(node):
        yield child, scopes
        inner = isinstance(child, ast.FunctionDef | ast.Lambda)
        yield from _walk(child, (*scopes, child) if inner else scopes)


def _spread(argument: ast.expr, scopes: tuple[ast.AST, ...]) -> list[ast.expr]:
    """The arguments behind `*names`, where that is a tuple given just before."""
    if not isinstance(argument, ast.Starred):
        return [argument]
    given = _given(argument.value.id, scopes[-1]) if isinstance(argument.value, ast.Name) else []
    if len(given) == 1 and isinstance(given[0], ast.Tuple):
        return given[0].elts
    return [argument]


def _given(name: str, scope: ast.AST) -> list[ast.expr]:
    """What a name is set to in a function or module, not in the functions inside it."""
    found: list[ast.expr] = []
    for node, scopes in _walk(scope, (scope,)):
        if scopes[-1] is not scope:
            continue
        if isinstance(node, ast.Assign) and any(_is_name(each, name) for each in node.targets):
            found.append(node.value)
        elif isinstance(node, ast.NamedExpr | ast.AnnAssign) and _is_name(node.target, name):
            found += [node.value] if node.value else []
        elif isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store):
            found.append(ast.Starred(node))  # perhaps by a loop or by unpacking: not to be seen
    simple = sum(not isinstance(each, ast.Starred) for each in found)
    stores = len(found) - simple
    return [each for each in found if stores > simple or not isinstance(each, ast.Starred)]


def faults(name: str, source: str) -> list[str]:
    return Module(name, ast.parse(source)).check()
