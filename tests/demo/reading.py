"""A page read as people and their screen readers do: each text with the language it is marked to be in, and the links."""

import re
from html.parser import HTMLParser

# What stands in code is spelt like that: the columns of a file.
SILENT = frozenset({"script", "style", "template", "code"})
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
SPOKEN = ("alt", "aria-label", "placeholder", "title")
SCRIPTS = {"hi": ("\u0900", "\u097f"), "dz": ("\u0f00", "\u0fff"), "th": ("\u0e00", "\u0e7f")}
# What is left where a text was not filled, or has none: "%(name)s", "{{ name }}", "account.title", "order_paid".
UNFILLED = re.compile(r"%\(\w+\)|%[sd]\b|\{\{|\}\}|\{%|%\}|\{\w+\}|\bundefined\b|\bNaN\b")
KEY = re.compile(r"[a-z]+(?:[_.][a-z]+)+")
NOTHING = re.compile(r"(?:^|[\s(:,])(?:None|True|False)(?:$|[\s):,.])")


class Reader(HTMLParser):
    """texts: (words, language); links: addresses."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.texts, self.links = [], []
        self._open = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        language = given.get("lang") or self._language
        for name in SPOKEN:
            if given.get(name):
                self.texts.append((given[name], language))
        if tag == "meta" and given.get("name") == "description":
            self.texts.append((given["content"], language))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag not in VOID:
            self._open.append((tag, language))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        words = " ".join(data.split())
        if words and not any(tag in SILENT for tag, _language in self._open):
            self.texts.append((words, self._language))

    @property
    def _language(self):
        return self._open[-1][1] if self._open else ""


def faults_of(html):
    """What nobody should read: unfilled texts, names of things instead of their words, words in an unsaid language."""
    found = []
    for words, language in Reader(html).texts:
        # In a language of another script such a word was not filled in; in English it may be meant.
        is_nothing = NOTHING.search(words) and any(sign > "\u0900" for sign in words)
        is_raw = KEY.fullmatch(words) or words in ("None", "True", "False")
        if UNFILLED.search(words) or is_raw or is_nothing:
            found.append(words)
        for code, (first, last) in SCRIPTS.items():
            if language != code and any(first <= sign <= last for sign in words):
                found.append(f"{code} letters in {language}: {words[:80]}")
    return found
