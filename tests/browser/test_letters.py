"""Letters of Hindi, Dzongkha and Thai are drawn, never as the box that stands for what no font has."""

import csv
import unicodedata

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from tests.demo.reading import SCRIPTS

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Code points that no font has: not assigned, and never will be.
NOBODYS = ["\u0378", "\u0f48", "\U0010fffe"]
# Which of the texts are drawn as a box or not at all: as those that no font has, in the fonts of an element of that language
# in a page, beside a letter of the script where a text is a mark.
BOXES = """async ({language, tag, weight, texts, base, nobodys}) => {
  const around = document.querySelector("main").appendChild(document.createElement(tag));
  const element = around.appendChild(document.createElement("span"));
  element.lang = language;
  const font = `${weight} 32px ${getComputedStyle(element).fontFamily}`;
  await document.fonts.load(font, texts.join(""));
  around.remove();
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 96;
  const pen = canvas.getContext("2d", {willReadFrequently: true});
  const picture = (text) => {
    pen.clearRect(0, 0, 96, 96);
    pen.font = font;
    pen.fillText(text, 16, 60);
    return pen.getImageData(0, 0, 96, 96).data.join("");
  };
  const boxes = new Set([" ", ...nobodys, ...nobodys.map((nobody) => base + nobody)].map(picture));
  return texts.filter((text) => boxes.has(picture(text)) || (text !== base && picture(text) === picture(base)));
}"""


def texts_of(language):
    """Every letter and digit of a script, and every mark of our texts and of names of places on a letter of it."""
    first, last = SCRIPTS[language]
    signs = [chr(code) for code in range(ord(first), ord(last) + 1)]
    written = set(_written(language))
    base = next(sign for sign in signs if unicodedata.category(sign) == "Lo")
    alone = [sign for sign in signs if unicodedata.category(sign)[0] in "LN"]
    return alone + [base + sign for sign in signs if sign in written and unicodedata.category(sign)[0] == "M"]


def _written(language):
    with (settings.BASE_DIR / "data" / "regions.csv").open(encoding="utf-8", newline="") as rows:
        names = "".join(row["local_name"] for row in csv.DictReader(rows))
    catalogue = settings.BASE_DIR / "locale" / language / "LC_MESSAGES" / "django.po"
    if not catalogue.exists():
        return names
    with catalogue.open("rb") as file:
        rows = [row.string for row in read_po(file)]
    return names + "".join(row if isinstance(row, str) else "".join(row) for row in rows)


@pytest.fixture
def boxes(shop, visitors):
    """Which of the texts of a language are boxes on a page; once for running text and once for headings, regular and bold."""
    page = visitors()

    def found(address, language, texts, base=""):
        page.goto(address)
        return {
            (tag, weight, text)
            for tag in ("p", "h2")
            for weight in (400, 700)
            for text in page.evaluate(
                BOXES,
                {
                    "language": language,
                    "tag": tag,
                    "weight": weight,
                    "texts": texts,
                    "base": base,
                    "nobodys": NOBODYS,
                },
            )
        }

    return found


@pytest.mark.parametrize("address", ["/how-it-works/", "/hi/how-it-works/", "/dz/how-it-works/"])
def test_every_letter_is_drawn(boxes, address):
    texts = {language: texts_of(language) for language in SCRIPTS}

    assert {language: len(rows) > 60 for language, rows in texts.items()} == dict.fromkeys(SCRIPTS, True)
    assert {code: boxes(address, code, rows, rows[-1][0]) for code, rows in texts.items()} == {
        code: set() for code in SCRIPTS
    }


def test_a_letter_that_no_font_has_is_seen(boxes):
    missing = ["\u0379", "\u0f98"]

    found = boxes("/dz/how-it-works/", "dz", ["ཀ", *missing])

    assert {text for _tag, _weight, text in found} == set(missing)
