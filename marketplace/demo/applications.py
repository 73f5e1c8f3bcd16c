"""Example applications: a draft with gaps, groups that wait for the office with their papers, one that was sent back."""

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from PIL import Image, ImageDraw, ImageFont

from catalogue.models import ProductImage
from marketplace.demo.people import DRAFT_GROUP, example_name
from marketplace.lib.uploads import private_storage
from regions.models import Region
from vendors.models import (
    GroupDocument,
    GroupPerson,
    GroupPhoto,
    Membership,
    Partner,
    Requirement,
    RequirementMark,
    VendorEvent,
)
from vendors.services.requirements import create_requirements
from vendors.services.uploads import PAPER_FOLDER

State = Partner.State
DRAFT_PLACE = "BT-33-URA"
PAPER_SIZE = (900, 640)
_WORK = (
    "keeps the book and answers the phone",
    "has done it since she was nine",
    "teaches those who are new",
    "packs and takes the goods to the bus",
)


def write_draft(places: dict[str, Region], *, now: datetime) -> Partner:
    """A group that somebody began two days ago and has not handed in. places: by code."""
    place = places.get(DRAFT_PLACE) or next(each for each in places.values() if each.depth == 2)
    vendor = Partner.objects.create(
        name=DRAFT_GROUP,
        code="ura-honey-circle",
        kind=Partner.Kind.FARMERS_GROUP,
        state=State.DRAFT,
        home_region=place,
        summary="Example: nine households keep bees above Ura.",
        story="Example: not written yet.",
        member_count=9,
        begun_key="example",
        is_example=True,
    )
    Partner.objects.filter(pk=vendor.pk).update(created_at=now - timedelta(days=2))
    VendorEvent.objects.create(vendor=vendor, from_state="", to_state=State.DRAFT)
    return vendor


def write_stories(vendors: dict[str, Partner]) -> None:
    """People of each group's story, and as a photo of the group the picture of its first listing. vendors: by name."""
    people: list[GroupPerson] = []
    photos: list[GroupPhoto] = []
    pictures = _first_pictures(vendors.values())
    for vendor in vendors.values():
        lot = random.Random(f"story of {vendor.name}")
        is_bhutan = vendor.home_region.country_code == "BT"
        for place, work in enumerate(lot.sample(_WORK, 3 if vendor.state != State.DRAFT else 1)):
            person = GroupPerson(
                vendor=vendor,
                name=example_name(lot, is_bhutan=is_bhutan),
                work=work,
                form_key=f"example-{place}",
                display_order=place,
                consented_at=vendor.approved_at or vendor.created_at,
            )
            people.append(person)
        picture = pictures.get(vendor.pk)
        if picture is not None:
            photos.append(
                GroupPhoto(
                    vendor=vendor,
                    original=str(picture.original.name),
                    digest=f"{vendor.pk:064d}",
                    alt_text="Example: drawn, not photographed",
                    width=picture.width,
                    height=picture.height,
                    has_renditions=True,
                )
            )
    GroupPerson.objects.bulk_create(people)
    GroupPhoto.objects.bulk_create(photos)


def write_papers(vendors: dict[str, Partner]) -> None:
    """The checklist, and what groups that have applied said and showed for it. vendors: by name."""
    create_requirements()
    attested = list(Requirement.objects.filter(basis=Requirement.Basis.ATTESTED))
    applied = [each for each in vendors.values() if each.state in (State.APPLIED, State.RETURNED)]
    chairs = {
        row.vendor_id: row.user
        for row in Membership.objects.filter(vendor__in=applied, role="chair").select_related("user")
    }
    papers: list[GroupDocument] = []
    marks: list[RequirementMark] = []
    for vendor in applied:
        name = _write_paper(vendor)
        papers += [
            GroupDocument(
                vendor=vendor,
                kind=kind,
                number=f"EX-{vendor.pk}",
                name=name,
                digest=f"{vendor.pk:064d}",
                width=PAPER_SIZE[0],
                height=PAPER_SIZE[1],
                uploaded_by=chairs.get(vendor.pk),
            )
            for kind in (GroupDocument.Kind.IDENTITY, GroupDocument.Kind.REGISTRATION)
        ]
        marks += [
            RequirementMark(
                vendor=vendor,
                requirement=requirement,
                action=RequirementMark.Action.ATTESTED,
                actor=chairs.get(vendor.pk),
                name=str(chairs.get(vendor.pk, "")),
            )
            for requirement in attested
        ]
    GroupDocument.objects.bulk_create(papers)
    RequirementMark.objects.bulk_create(marks)


def _first_pictures(vendors: Iterable[Partner]) -> dict[int, ProductImage]:
    rows = ProductImage.objects.filter(product__vendor__in=list(vendors)).select_related("product")
    found: dict[int, ProductImage] = {}
    for row in rows.order_by("product_id", "display_order"):
        found.setdefault(row.product.vendor_id, row)
    return found


def _write_paper(vendor: Partner) -> str:
    """A picture that says that it is no paper; its name in the private storage."""
    storage, name = private_storage(), f"{PAPER_FOLDER}/example-{vendor.code}.webp"
    if storage.exists(name):
        return name
    image = Image.new("RGB", PAPER_SIZE, (248, 243, 233))
    draw = ImageDraw.Draw(image)
    draw.rectangle((24, 24, PAPER_SIZE[0] - 24, PAPER_SIZE[1] - 24), outline=(134, 119, 106), width=3)
    font = ImageFont.load_default(36)
    for row, words in enumerate(("EXAMPLE - NOT A REAL PAPER", vendor.code, f"No. EX-{vendor.pk}")):
        draw.text((80, 120 + 90 * row), words, fill=(36, 28, 22), font=font)
    out = BytesIO()
    image.save(out, "WEBP", quality=70, method=0)
    return str(storage.save(name, ContentFile(out.getvalue())))
