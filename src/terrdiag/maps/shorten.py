"""Shorten the programs and style sheets that every page carries: comments, spaces, local names.

Meant for the plain JavaScript of ``assets/`` (no template string, no class, no label), not for any other.
"""

import itertools
import re
import string
from collections.abc import Iterator
from typing import Final

TOKEN: Final = re.compile(
    r"""(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<space>\s+)|(?P<text>'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|/\\[^/\n]*/g)"""
    r"""|(?P<name>[A-Za-z_$][\w$]*)|(?P<number>[\d.]+(?:e-?\d+)?|0x[\da-f]+)|(?P<sign>=>|\.\.\.|\+\+|--|.)""",
    re.DOTALL,
)

RESERVED: Final = frozenset({
    "arguments", "Array", "Boolean", "break", "clearTimeout", "const", "continue", "delete", "do",
    "document", "else", "false", "Float32Array", "Float64Array", "for", "function", "get", "if", "in",
    "Infinity", "instanceof", "Int32Array", "Intl", "JSON", "L", "let", "Map", "Math", "new", "null",
    "Number", "Object", "of", "ResizeObserver", "return", "set", "setTimeout", "strict", "String",
    "this", "throw", "true", "typeof", "Uint8Array", "undefined", "use", "void", "while", "window",
})  # fmt: skip
"""Words of the language and of the browser, which keep their names."""

Token = tuple[str, str]


def shorten_js(text: str) -> str:
    """Take out comments and needless spaces, and shorten local names; strings and properties stay as they are.

    Examples
    --------
    >>> shorten_js("const total = 'a  b';  // note\\nreturn [total, {total: 1}, this.total  + 1];\\n")
    "const a='a  b';return[a,{total:1},this.total+1];"
    >>> shorten_js("const {size} = box;\\nreturn {size, width: size};\\n")
    'const{size:a}=b;return{size:a,width:a};'
    """
    tokens = _rename([token for token in _tokens(text) if token[0] != "comment"])
    out: list[str] = []
    space = ""
    for kind, token in tokens:
        if kind == "space":
            space = "\n" if "\n" in token or space == "\n" else " "
            continue
        if space and out and _needs_space(out[-1][-1], token[0], space):
            out.append(space)
        space = ""
        out.append(token)
    return "".join(out)


def shorten_css(text: str) -> str:
    """Take out comments and needless spaces.

    Examples
    --------
    >>> shorten_css("/* note */\\n.a { color: red;  margin: 0 1px; }\\n")
    '.a{color:red;margin:0 1px}'
    """
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r"\s+", " ", text)
    return re.sub(r" ?([{};,]) ?", r"\1", text.replace(": ", ":")).replace(";}", "}").strip()


def _tokens(text: str) -> Iterator[Token]:
    for match in TOKEN.finditer(text):
        yield str(match.lastgroup), match.group()


def _rename(tokens: list[Token]) -> list[Token]:
    """Give the local names shorter ones, the same everywhere: one for one, hence nothing can be mistaken."""
    uses, shorthands = _find_uses(tokens)
    taken = {token for kind, token in tokens if kind == "name"} | RESERVED
    long = {name for name in uses if len(name) > 1} - RESERVED
    by_number = sorted(long, key=lambda name: (-len(uses[name]), name))
    shorts = (short for short in _short_names() if short not in taken)
    renamed = list(tokens)
    for name, short in zip(by_number, shorts, strict=False):
        if len(short) < len(name):
            for at in uses[name]:
                renamed[at] = ("name", f"{name}:{short}" if at in shorthands else short)
    return renamed


def _find_uses(tokens: list[Token]) -> tuple[dict[str, list[int]], set[int]]:
    """Find where each variable is used, and among these places the shorthands (``{name}`` for ``{name: name}``)."""
    uses: dict[str, list[int]] = {}
    shorthands: set[int] = set()
    solid = [at for at, (kind, _) in enumerate(tokens) if kind != "space"]
    words = ["", *(tokens[at][1] for at in solid), ""]
    closed_by = _match_brackets(words)
    brackets = [""]
    for rank, at in enumerate(solid, start=1):
        before, word, after = words[rank - 1 : rank + 2]
        if word in "([{":
            brackets.append(word)
        elif word in ")]}":
            brackets.pop()
        elif tokens[at][0] == "name" and before != ".":
            in_braces = brackets[-1] == "{" and before in {"{", ","}
            is_method = in_braces and after == "(" and words[closed_by[rank + 1] + 1] == "{"
            if is_method or (in_braces and after == ":"):
                continue
            uses.setdefault(word, []).append(at)
            if in_braces and after in {",", "}"}:
                shorthands.add(at)
    return uses, shorthands


def _match_brackets(words: list[str]) -> dict[int, int]:
    """Give the rank of the bracket that closes each one."""
    closed_by: dict[int, int] = {}
    opened: list[int] = []
    for rank, word in enumerate(words):
        if word and word in "([{":
            opened.append(rank)
        elif word and word in ")]}":
            closed_by[opened.pop()] = rank
    return closed_by


def _short_names() -> Iterator[str]:
    for size in itertools.count(1):
        yield from map("".join, itertools.product(string.ascii_lowercase, repeat=size))


def _needs_space(before: str, after: str, space: str) -> bool:
    """Tell whether two tokens would run into one another."""
    word = string.ascii_letters + string.digits + "_$"
    if before in word and after in word:
        return True
    if before == after and before in "+-":
        return True
    # a line that ends without a semicolon: in these files, only after a brace
    return space == "\n" and before == "}" and after in word
