"""Pictures of goods: a kind for every product, always the same drawing, and pixels of it."""

import csv
import xml.etree.ElementTree as ET  # our own drawings only
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from catalogue import pictures
from catalogue.pictures import kinds
from catalogue.pictures.composition import VARIANTS
from catalogue.pictures.words import GENERIC

DATA = Path(__file__).resolve().parents[2] / "data"


def products():
    for name in ("odop_products.csv", "ogop_products.csv"):
        with (DATA / name).open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield row["product"], row["category"], row["region_code"] or "BT"


def summed(text):
    return sha256(text.encode()).hexdigest()[:16]


def test_every_identified_product_has_a_kind_that_is_drawn():
    listed = list(products())

    found = [pictures.kind_for(product, category) for product, category, _ in listed]

    assert len(listed) == 1083
    assert set(found) <= set(kinds.DRAWINGS)
    # "Handicrafts", "Tribal craft" and the like name nothing that could be drawn.
    assert found.count(GENERIC) == 6


@pytest.mark.parametrize(
    ("product", "category", "kind"),
    [
        ("Red rice", "Food", "red-rice"),
        ("Rice- Black (Chakao)", "", "black-rice"),
        ("Lakadong Turmeric", "", "turmeric"),
        ("Teak furniture", "", "furniture"),
        ("Darjeeling Tea", "", "tea"),
        ("Apple juice", "Food", "apple"),
        ("Custard Apple", "", "fruit"),
        ("Kishuthara (silk textile)", "Textiles", "cloth"),
        ("Shazo (wood-turned bowls and ware)", "Wood, cane & bamboo", "turned-bowl"),
        ("Something unheard of", "Textiles", "cloth"),
        ("Something unheard of", "Unheard of", "parcel"),
        ("", "", "parcel"),
    ],
)
def test_the_narrower_word_decides_then_the_category(product, category, kind):
    assert pictures.kind_for(product, category) == kind


def test_a_name_without_a_known_word_has_no_kind_of_its_own():
    assert pictures.kind_by_name("Something unheard of") == ""


def test_there_are_eighty_kinds_and_none_is_drawn_twice():
    assert len(kinds.DRAWINGS) == 80
    assert len({kinds.parts(kind) for kind in kinds.DRAWINGS}) == 80


def test_the_drawings_are_as_they_were_made():
    assert summed("".join(kinds.svg(kind) for kind in sorted(kinds.DRAWINGS))) == "2c133d1f0beb1435"


@pytest.mark.parametrize("kind", sorted(kinds.DRAWINGS))
def test_a_kind_can_stand_in_any_page(kind):
    drawing = ET.fromstring(kinds.svg(kind))  # noqa: S314

    assert drawing.attrib["viewBox"] == "0 0 240 240"
    assert not {"id", "href", "style", "class"} & {name for node in drawing.iter() for name in node.attrib}
    assert all(not (node.text or "").strip() for node in drawing.iter())


def test_an_unknown_kind_is_an_error():
    with pytest.raises(KeyError):
        kinds.svg("unheard-of")


@pytest.mark.parametrize(
    ("product", "category", "code", "variant", "expected"),
    [
        ("Red rice", "Food", "BT-41-RADHI", 0, "a4553434885e7064"),
        ("Mandarin orange", "Agricultural produce", "BT-34-BJOKA", 1, "d26a9e528199a9ce"),
        ("Honey", "Food", "BT-33-TANG", 2, "8acec4d165096c0a"),
        ("Turmeric", "Agriculture & Horticulture", "IN-ML-740", 3, "25b2eff8926a1e38"),
        ("Kishuthara (silk textile)", "Textiles", "BT-44-KHOMA", 3, "19b2d454716b4da0"),
    ],
    ids=["single", "three", "close", "laid", "hung"],
)
def test_the_same_product_gives_the_same_picture(product, category, code, variant, expected):
    assert summed(pictures.picture(product, category, code=code, variant=variant)) == expected


def test_variants_are_counted_round():
    drawn = [
        pictures.picture("Honey", "Food", code="BT-33", variant=number) for number in range(VARIANTS + 1)
    ]

    assert len(set(drawn)) == VARIANTS == 4
    assert drawn[VARIANTS] == drawn[0]


def test_a_name_with_markup_does_not_reach_the_drawing():
    drawn = pictures.picture('<script>"&', '"><x', code='"><y')

    ET.fromstring(drawn)  # noqa: S314
    assert "script" not in drawn


@pytest.mark.parametrize(("form", "kind"), [("WEBP", "WEBP"), ("PNG", "PNG"), ("JPEG", "JPEG")])
def test_a_picture_becomes_pixels_of_the_width_asked_for(form, kind):
    drawn = pictures.picture("Honey", "Food", code="BT-33-TANG", variant=1)

    pixels = pictures.render(drawn, width=320, form=form)

    with Image.open(BytesIO(pixels)) as image:
        assert (image.format, image.size, image.mode) == (kind, (320, 240), "RGB")
        assert len(image.getcolors(maxcolors=320 * 240) or []) > 50


def test_a_rendered_picture_is_the_same_each_time_and_light():
    drawn = pictures.picture("Red rice", "Food", code="BT-41-RADHI")

    first, second = pictures.render(drawn, width=640), pictures.render(drawn, width=640)

    assert first == second
    assert len(first) < 40_000
