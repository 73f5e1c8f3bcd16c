"""A page read as people and their screen readers do: each text with the language it is marked to be in, and the links."""

import re
from html.parser import HTMLParser

# What stands in code is spelt like that: the columns of a file.
SILENT = frozenset({"script", "style", "template", "code"})
# What holds no other element, so that a part of its words cannot be marked.
WHOLE = frozenset({"title", "option", "textarea"})
VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
SPOKEN = ("alt", "aria-label", "placeholder", "title")
SCRIPTS = {"hi": ("\u0900", "\u097f"), "dz": ("\u0f00", "\u0fff"), "th": ("\u0e00", "\u0e7f")}
# What is left where a text was not filled, or has none: "%(name)s", "{{ name }}", "account.title", "order_paid".
UNFILLED = re.compile(r"%\(\w+\)|%[sd]\b|\{\{|\}\}|\{%|%\}|\{\w+\}|\bundefined\b|\bNaN\b")
KEY = re.compile(r"[a-z]+(?:[_.][a-z]+)+")
# What stands in Latin letters on pages of every language: addresses, codes and numbers of orders, papers and certificates,
# currencies and units, names of standards and services, the shop's own name.
ADDRESS = re.compile(r"\S+@\S+|(?:https?://|/)\S+|\b\w+\.(?:html|json|zip)\b")
CODE = re.compile(r"\b(?=\w*[A-Z])(?=[\w-]*[\d-])[A-Z0-9]+(?:-[A-Z0-9]+)*\b|\b(?:EN|HI|DZ|BTN|INR|Nu)\b")
UNIT = re.compile(r"\b(?:k?g|m?l|[cmk]?m|KB|MB)\b")
STANDARD = re.compile(r"\b(?:GI|SMS|UPI|PIN|CSV|PDF|FSSAI|BFDA|Stripe|WhatsApp|One Place One Product)\b")
LATIN = re.compile("[A-Za-z]{2,}")
NOTHING = re.compile(r"(?:^|[\s(:,])(?:None|True|False)(?:$|[\s):,.])")


class Reader(HTMLParser):
    """texts: (words, language); spoken: those among them that stand in an attribute; links: addresses."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.texts, self.spoken, self.head, self.links = [], [], [], []
        self._open = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        language = given.get("lang") or self._language
        for name in SPOKEN:
            if given.get(name):
                self.texts.append((given[name], language))
                self.spoken.append((given[name], language))
        if tag == "meta" and given.get("name") == "description":
            self.texts.append((given["content"], language))
            self.head.append((given["content"], language))
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag not in VOID:
            self._open.append((tag, language))

    def handle_endtag(self, tag):
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        words = " ".join(data.split())
        if not words or any(tag in SILENT for tag, _language in self._open):
            return
        self.texts.append((words, self._language))
        if self._open and self._open[-1][0] in WHOLE:
            self.spoken.append((words, self._language))
        if any(tag == "head" for tag, _language in self._open) or self._open[-1][0] == "text":
            self.head.append((words, self._language))

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


def unmarked(html, *, names):
    """English words that a page in another script does not say to be English.

    names: pattern of the names of places, which stand as they are on every page. Where nothing can be marked, in an
    attribute and in a title, words of the page's own language beside them are enough.
    """
    found, reader = [], Reader(html)
    for words, language in reader.texts:
        if language not in SCRIPTS or (words, language) in reader.head:
            continue
        first, last = SCRIPTS[language]
        if (words, language) in reader.spoken and any(first <= sign <= last for sign in words):
            continue
        rest = words
        for allowed in (ADDRESS, names, CODE, UNIT, STANDARD):
            rest = allowed.sub(" ", rest)
        if LATIN.search(rest):
            found.append(f"Latin letters in {language}: {words[:120]}")
    return found
