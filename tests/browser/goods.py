"""What the browser tests find on sale."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from types import MappingProxyType

from oscar.apps.address.models import Country
from PIL import Image

from catalogue.models import PHOTO_WIDTHS, Product, ProductImage
from orders.shipping.models import DeliveryMethod
from regions.models import Region
from tests.factories.catalogue import CategoryFactory, ListingFactory
from tests.factories.orders import DeliveryMethodFactory
from tests.factories.regions import CountryFactory, RegionFactory
from tests.factories.vendors import MembershipFactory, VendorFactory
from vendors.models import Partner

Zone, Carrier = DeliveryMethod.Zone, DeliveryMethod.Carrier


@dataclass(frozen=True)
class Stall:
    """One group of one place with one listing, what of it is bought, and the way of sending that is chosen."""

    place: Region
    vendor: Partner
    listing: Product
    quantity: int
    delivery: DeliveryMethod

    @property
    def goods(self) -> Decimal:
        """What the units cost."""
        return self.listing.stockrecords.get().price * self.quantity

    @property
    def total(self) -> Decimal:
        """Goods and delivery."""
        return self.goods + self.delivery.price


def three_stalls() -> list[Stall]:
    """Three groups of three places in two countries, with odd prices and two ways of sending each."""
    countries()
    khoma = gewog("BT-44", "Lhuentse", "BT-44-KHOMA", name="Khoma")
    haa = gewog("BT-13", "Haa", "BT-13-UESU", name="Uesu")
    meghalaya = RegionFactory(state=True, code="IN-ML", name="Meghalaya")
    lakadong = RegionFactory(district=True, parent=meghalaya, code="IN-ML-275", name="West Jaintia Hills")
    return [
        stall(
            khoma,
            "Khoma Weavers",
            "Kishuthara shawl",
            price="4499.99",
            quantity=1,
            deliver=("89.50", "61.25"),
        ),
        stall(
            haa,
            "Uesu Buckwheat Group",
            "Buckwheat flour",
            price="133.33",
            quantity=3,
            deliver=("75.10", "40.05"),
        ),
        stall(
            lakadong,
            "Lakadong Collective",
            "Lakadong turmeric",
            price="249.01",
            quantity=2,
            deliver=("310.99", "0.00"),
        ),
    ]


def stall(
    place: Region,
    group: str,
    title: str,
    *,
    price: str,
    quantity: int,
    deliver: tuple[str, str],
    group_traits: Mapping[str, bool] = MappingProxyType({}),
    listing_traits: Mapping[str, bool] = MappingProxyType({}),
) -> Stall:
    """One group with its listing; deliver: prices of its post and of its bus, of which the dearer is chosen."""
    vendor = VendorFactory(
        name=group, home_region=place, email=f"{group.split()[0].lower()}@example.org", **group_traits
    )
    listing = ListingFactory(
        title=title,
        vendor=vendor,
        description="Made at home, by hand.",
        stock__price=Decimal(price),
        stock__num_in_stock=10,
        categories=[CategoryFactory(name=f"{title.split()[-1].title()} and such")],
        net_quantity=1,
        net_unit=Product.Unit.PIECE,
        **listing_traits,
    )
    post, bus = deliver
    chosen = DeliveryMethodFactory(
        vendor=vendor, code="post", name="Post with number", zone=Zone.ANYWHERE, price=Decimal(post)
    )
    DeliveryMethodFactory(
        vendor=vendor, code="bus", name="Bus", carrier=Carrier.VEHICLE, zone=Zone.ANYWHERE, price=Decimal(bus)
    )
    return Stall(place, vendor, listing, quantity, chosen)


def one_stall() -> Stall:
    """One group of Bhutan with one listing, of which two are bought."""
    countries()
    khoma = gewog("BT-44", "Lhuentse", "BT-44-KHOMA", name="Khoma")
    gewog("BT-13", "Haa", "BT-13-KATSHO", name="Katsho")
    return stall(
        khoma, "Khoma Weavers", "Belt of Khoma", price="640.15", quantity=2, deliver=("89.50", "61.25")
    )


def waiting_stall() -> Stall:
    """A group that has applied, with a listing under review, of which one is bought."""
    countries()
    khoma = gewog("BT-44", "Lhuentse", "BT-44-KHOMA", name="Khoma")
    gewog("BT-13", "Haa", "BT-13-KATSHO", name="Katsho")
    return stall(
        khoma,
        "Khoma Weavers",
        "Belt of Khoma",
        price="640.15",
        quantity=1,
        deliver=("89.50", "61.25"),
        group_traits={"applied": True},
        listing_traits={"submitted": True},
    )


def countries() -> None:
    """The countries that addresses may name, which emptying the database has taken away."""
    for code, name in (("BT", "Bhutan"), ("IN", "India")):
        Country.objects.get_or_create(
            pk=code, defaults={"printable_name": name, "name": name, "is_shipping_country": True}
        )
        CountryFactory(code=code)


def gewog(dzongkhag_code: str, dzongkhag: str, code: str, *, name: str) -> Region:
    """A gewog below a dzongkhag, which is made if need be."""
    above = Region.objects.filter(code=dzongkhag_code).first() or RegionFactory(
        dzongkhag=True, code=dzongkhag_code, name=dzongkhag
    )
    return RegionFactory(parent=above, code=code, name=name)


def add_picture(listing: Product, media: Path) -> ProductImage:
    """A photo of a listing with its files."""
    photo = ProductImage.objects.create(
        product=listing,
        original=f"photos/test/{listing.pk}.webp",
        alt_text=f"{listing.title} on a table",
        width=1280,
        height=960,
        has_renditions=True,
    )
    write_files(photo, media)
    return photo


def write_files(photo: ProductImage, media: Path) -> None:
    """The renditions that a photo's row promises."""
    for width in PHOTO_WIDTHS:
        file = media / photo.rendition_name(width)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(_plain_photo(width))


@functools.cache
def _plain_photo(width: int) -> bytes:
    content = BytesIO()
    Image.new("RGB", (width, width * 3 // 4), "#8a2e3b").save(content, "WEBP")
    return content.getvalue()


def member_of(vendor: Partner, **person: object) -> MembershipFactory:
    """The chair of a group, with an account."""
    return MembershipFactory(vendor=vendor, **{f"user__{name}": value for name, value in person.items()})
