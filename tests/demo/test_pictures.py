"""Files of the drawn pictures."""

from io import BytesIO

import pytest
from PIL import Image

from marketplace.demo.drawing import Order, draw
from marketplace.demo.pictures import Drawing, drawings_of, write_missing
from marketplace.demo.plan import Offer, groups


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path / "photos" / "examples"


HONEY = Drawing("BT-33-TANG", "honey", "honey", 0)
TEA = Drawing("IN-WB-309", "tea", "tea", 1)


def test_three_widths_are_drawn():
    drawn = draw(Order("honey", "BT-33-TANG", 0, tuple(HONEY.names.items())))

    sizes = {name: Image.open(BytesIO(content)).size for name, content in drawn}
    assert sizes == {
        "photos/examples/bt-33-tang-honey-0-320.webp": (320, 240),
        "photos/examples/bt-33-tang-honey-0-640.webp": (640, 480),
        "photos/examples/bt-33-tang-honey-0-1280.webp": (1280, 960),
    }


def test_files_are_written_once_and_again_when_one_is_lost(media):
    assert write_missing([HONEY, TEA, HONEY]) == 2
    first = {path.name: path.read_bytes() for path in media.iterdir()}

    assert write_missing([HONEY, TEA]) == 0
    (media / "in-wb-309-tea-1-640.webp").unlink()
    assert write_missing([HONEY, TEA]) == 1

    assert {path.name: path.read_bytes() for path in media.iterdir()} == first
    assert len(first) == 6


@pytest.mark.parametrize(
    ("title", "trade", "kind"),
    [
        ("Farm knife with walnut handle", "knife", "sword"),
        ("Peanut butter, crunchy", "nut-butter", "peanut"),
        ("Brass butter lamp", "brass", "brass"),
        ("Dried peaches", "dried-fruit", "fruit"),
        ("Lakadong turmeric powder", "spice-powder", "turmeric"),
    ],
)
def test_picture_shows_what_is_sold(title, trade, kind):
    assert [drawing.kind for drawing in drawings_of([Offer(title, trade, "", "")], place="BT-11")] == [kind]


def test_neighbours_in_a_group_look_different():
    for group in groups():
        drawn = drawings_of(group.offers[:4], place=group.place)

        assert len(set(drawn)) == len(group.offers[:4]), group.name
