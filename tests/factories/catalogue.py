"""Listings, their sizes, categories and photos."""

from decimal import Decimal

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from oscar.core.loading import get_model

from catalogue.models import ListingChange, Product, ProductImage, ProposedPhoto
from catalogue.services.changes import SHOWN_WIDTH, private_storage
from marketplace.lib.photos import rendition_name
from tests.factories.vendors import StockRecordFactory, VendorFactory


class CategoryFactory(factory.django.DjangoModelFactory):
    """A public category of the first level; pass parent for one below it."""

    class Meta:
        model = get_model("catalogue", "Category")

    name = factory.Sequence(lambda n: f"Category {n}")
    is_public = True

    @classmethod
    def _create(cls, model_class, *args, parent=None, **kwargs):
        if parent is None:
            return model_class.objects.add_root(kwargs)
        parent.refresh_from_db()
        return model_class.objects.add_child(parent, kwargs)


class ProductClassFactory(factory.django.DjangoModelFactory):
    """Oscar's class of goods that are counted and sent."""

    class Meta:
        model = get_model("catalogue", "ProductClass")
        django_get_or_create = ("slug",)

    name = "Goods"
    slug = "goods"
    track_stock = True
    requires_shipping = True


# Review refuses a listing of no kind of goods.
ON_THE_WAY = frozenset({Product.State.DRAFT, Product.State.SUBMITTED, Product.State.RETURNED})


class ListingFactory(factory.django.DjangoModelFactory):
    """A listing on sale with ten units at INR 250.00, of an approved group, from the group's own place.

    Traits: draft, submitted (with a photo), returned, rejected, withdrawn, last_unit, sold_out. It weighs 400 g and
    keeps for long; weight_grams=..., is_perishable=True say otherwise. stock=None leaves the stock record
    out, stock__price=... and stock__num_in_stock=... change it. categories=[...] puts it into categories.
    """

    class Meta:
        model = Product
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(state=Product.State.DRAFT, is_public=False, published_at=None)
        submitted = factory.Trait(
            state=Product.State.SUBMITTED,
            is_public=False,
            published_at=None,
            submitted_at=factory.LazyFunction(timezone.now),
            # Review refuses a listing without a photo.
            photo=factory.RelatedFactory(
                "tests.factories.catalogue.PhotoFactory", factory_related_name="product"
            ),
        )
        returned = factory.Trait(state=Product.State.RETURNED, is_public=False, published_at=None)
        rejected = factory.Trait(state=Product.State.REJECTED, is_public=False, published_at=None)
        withdrawn = factory.Trait(state=Product.State.WITHDRAWN, is_public=False)
        last_unit = factory.Trait(stock__last_unit=True)
        sold_out = factory.Trait(stock__sold_out=True)

    title = factory.Sequence(lambda n: f"Listing {n}")
    structure = Product.STANDALONE
    product_class = factory.SubFactory(ProductClassFactory)
    vendor = factory.SubFactory(VendorFactory)
    region = factory.SelfAttribute("vendor.home_region")
    state = Product.State.LIVE
    is_public = True
    published_at = factory.LazyFunction(timezone.now)
    weight_grams = 400
    stock = factory.RelatedFactory(StockRecordFactory, factory_related_name="product")

    @factory.post_generation
    def categories(self, create, extracted, **kwargs):
        """Put the listing into categories; while it is on its way to being sold into one, unless asked otherwise."""
        if create and extracted is None and self.state in ON_THE_WAY:
            known = get_model("catalogue", "Category").objects.filter(slug="handmade").first()
            extracted = [known or CategoryFactory(name="Handmade", slug="handmade")]
        if create and extracted:
            self.categories.set(extracted)


class SizeFactory(factory.django.DjangoModelFactory):
    """One size of a listing, in the same state, with a stock record of its own.

    parent: a listing made with stock=None; it becomes a listing with sizes.
    """

    class Meta:
        model = Product
        skip_postgeneration_save = True

    class Params:
        last_unit = factory.Trait(stock__last_unit=True)
        sold_out = factory.Trait(stock__sold_out=True)

    structure = Product.CHILD
    parent = factory.SubFactory(ListingFactory, stock=None)
    slug = factory.Sequence(lambda n: f"size-{n}")
    vendor = factory.SelfAttribute("parent.vendor")
    region = factory.SelfAttribute("parent.region")
    state = factory.SelfAttribute("parent.state")
    is_public = factory.SelfAttribute("parent.is_public")
    published_at = factory.SelfAttribute("parent.published_at")
    size_label = factory.Sequence(lambda n: f"{n + 1}00 g")
    net_quantity = Decimal(250)
    net_unit = Product.Unit.GRAM
    weight_grams = 300
    stock = factory.RelatedFactory(StockRecordFactory, factory_related_name="product")

    @factory.post_generation
    def make_parent(self, create, extracted, **kwargs):
        """A listing with sizes has Oscar's structure "parent"."""
        if create and self.parent.structure != Product.PARENT:
            self.parent.structure = Product.PARENT
            self.parent.save(update_fields=["structure"])


class PhotoFactory(factory.django.DjangoModelFactory):
    """A photo row with its renditions made; the file itself is not written."""

    class Meta:
        model = ProductImage

    product = factory.SubFactory(ListingFactory)
    original = factory.Sequence(lambda n: f"photos/test-{n}.webp")
    display_order = factory.Sequence(lambda n: n)
    alt_text = "A jar on a cloth"
    width = 1280
    height = 960
    has_renditions = True


class ListingChangeFactory(factory.django.DjangoModelFactory):
    """A change of the name of a listing on sale that waits for a moderator."""

    class Meta:
        model = ListingChange

    listing = factory.SubFactory(ListingFactory)
    state = ListingChange.State.SUBMITTED
    proposed = factory.LazyFunction(lambda: {"title": "Another name"})
    base = factory.LazyAttribute(lambda change: {"title": change.listing.title})
    submitted_at = factory.LazyFunction(timezone.now)


class ProposedPhotoFactory(factory.django.DjangoModelFactory):
    """A photo that waits with a change; its files are written, though they hold no picture."""

    class Meta:
        model = ProposedPhoto
        skip_postgeneration_save = True

    change = factory.SubFactory(ListingChangeFactory)
    file = factory.Sequence(lambda n: f"proposed/test-{n}.webp")
    digest = factory.Sequence(lambda n: f"{n:064d}")
    width = 1280
    height = 960

    @factory.post_generation
    def files(self, create, extracted, **kwargs):
        """Write them, unless they are there."""
        for name in (self.file, rendition_name(self.file, SHOWN_WIDTH)):
            if create and not private_storage().exists(name):
                private_storage().save(name, ContentFile(b"no picture"))
