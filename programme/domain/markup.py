"""The little that a story may be besides paragraphs: headings, lists, and links to our own pages.

    ## A heading            a line of its own
    - one of several        lines one below the other
    [words](/places/BT/)    a link, to an address of ours only

A blank line ends a paragraph. Everything else is text and is shown as it was typed; there is no HTML in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_LINK = re.compile(r"\[([^\[\]\n]{1,200})\]\((/(?![/\\])[^\s()\\]{0,300})\)")


@dataclass(frozen=True)
class Span:
    """Words within a line; url: where they lead, empty for plain ones."""

    text: str
    url: str = ""


Line = Sequence[Span]


@dataclass(frozen=True)
class Block:
    """kind: "heading", "list" or "paragraph"; lines: of a list its points, else of the text."""

    kind: str
    lines: Sequence[Line]


def blocks(text: str) -> list[Block]:
    """The parts of a text in order. Any text is one: what means nothing here is shown as it is."""
    found: list[Block] = []
    for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()):
        found.extend(_blocks(part.split("\n")))
    return found


def _blocks(lines: Sequence[str]) -> Iterator[Block]:
    """Lines without a blank one between them, parted where they change their kind."""
    waiting: list[Line] = []
    kind = "paragraph"
    for line in lines:
        words = line.strip()
        if words.startswith("## "):
            if waiting:
                yield Block(kind, waiting)
            waiting, kind = [], "paragraph"
            yield Block("heading", [_spans(words[3:].strip())])
            continue
        own = "list" if words.startswith("- ") else "paragraph"
        if waiting and own != kind:
            yield Block(kind, waiting)
            waiting = []
        kind = own
        if words:
            waiting.append(_spans(words[2:].strip() if own == "list" else words))
    if waiting:
        yield Block(kind, waiting)


def _spans(line: str) -> Line:
    spans, end = [], 0
    for link in _LINK.finditer(line):
        if link.start() > end:
            spans.append(Span(line[end : link.start()]))
        spans.append(Span(link[1], link[2]))
        end = link.end()
    if end < len(line):
        spans.append(Span(line[end:]))
    return spans
