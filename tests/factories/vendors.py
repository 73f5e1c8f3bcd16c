"""Groups, their members and their stock."""

from datetime import date, timedelta
from decimal import Decimal

import factory
from django.utils import timezone

from orders.models import CommissionRule
from tests.factories.people import PersonFactory
from vendors.models import (
    Certificate,
    GroupChange,
    GroupDocument,
    GroupPerson,
    GroupPhoto,
    Membership,
    Partner,
    Requirement,
    StockRecord,
)


class VendorFactory(factory.django.DjangoModelFactory):
    """An approved group. Traits: draft, applied, returned, suspended, closed. Pass home_region to choose the place.

    commission_rate=... makes a rule for the group that has long been valid.
    """

    class Meta:
        model = Partner
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(state=Partner.State.DRAFT, approved_at=None)
        applied = factory.Trait(
            state=Partner.State.APPLIED, approved_at=None, submitted_at=factory.LazyFunction(timezone.now)
        )
        returned = factory.Trait(state=Partner.State.RETURNED, approved_at=None)
        suspended = factory.Trait(state=Partner.State.SUSPENDED)
        closed = factory.Trait(state=Partner.State.CLOSED)

    name = factory.Sequence(lambda n: f"Group {n}")
    code = factory.Sequence(lambda n: f"group-{n}")
    state = Partner.State.APPROVED
    home_region = factory.SubFactory("tests.factories.regions.RegionFactory")
    approved_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def commission_rate(self, create, extracted, **kwargs):
        """Write the group's own rule, if it has one."""
        if create and extracted is not None:
            CommissionRule.objects.create(vendor=self, rate=extracted, valid_from=date(2020, 1, 1))


class MembershipFactory(factory.django.DjangoModelFactory):
    """A person who works for a group; the chair unless role says otherwise."""

    class Meta:
        model = Membership

    vendor = factory.SubFactory(VendorFactory)
    user = factory.SubFactory(PersonFactory)
    role = Membership.Role.CHAIR


class StockRecordFactory(factory.django.DjangoModelFactory):
    """Ten units at INR 250.00 of a listing on sale. Traits: last_unit, sold_out (one unit, reserved)."""

    class Meta:
        model = StockRecord
        skip_postgeneration_save = True

    class Params:
        last_unit = factory.Trait(num_in_stock=1)
        sold_out = factory.Trait(num_in_stock=1, num_allocated=1)

    product = factory.SubFactory("tests.factories.catalogue.ListingFactory", stock=None)
    partner = factory.SelfAttribute("product.vendor")
    partner_sku = factory.Sequence(lambda n: f"sku-{n}")
    price = Decimal("250.00")
    price_currency = "INR"
    num_in_stock = 10
    num_allocated = 0

    @factory.post_generation
    def price_of_listing(self, create, extracted, **kwargs):
        """Keep the price that lists show beside the record, as catalogue.services.prices does."""
        if create:
            whole = self.product.parent or self.product
            if whole.price_from is None or self.price < whole.price_from:
                whole.price_from, whole.price_currency = self.price, self.price_currency
                whole.save(update_fields=["price_from", "price_currency"])


class RequirementFactory(factory.django.DjangoModelFactory):
    """A line of the checklist, asked of every group: one line about it. Traits: attested, verified (an identity card)."""

    class Meta:
        model = Requirement

    class Params:
        attested = factory.Trait(basis=Requirement.Basis.ATTESTED, check_name="own_make")
        verified = factory.Trait(
            basis=Requirement.Basis.VERIFIED,
            check_name="identity_paper",
            document_kind=GroupDocument.Kind.IDENTITY,
        )

    basis = Requirement.Basis.COMPUTED
    check_name = "summary"


class GroupDocumentFactory(factory.django.DjangoModelFactory):
    """A page of a paper whose file is not there; the chair's identity card."""

    class Meta:
        model = GroupDocument

    vendor = factory.SubFactory(VendorFactory)
    kind = GroupDocument.Kind.IDENTITY
    name = factory.Sequence(lambda n: f"papers/{n}.webp")
    digest = factory.Sequence(lambda n: f"{n:064d}")
    width = 800
    height = 600


class CertificateFactory(factory.django.DjangoModelFactory):
    """A verified organic certificate for honey of the group's home, valid all this year. Traits: gi, food, submitted."""

    class Meta:
        model = Certificate
        skip_postgeneration_save = True

    class Params:
        gi_user = factory.Trait(
            kind=Certificate.Kind.GI,
            gi=factory.SubFactory("tests.factories.regions.GeographicalIndicationFactory"),
        )
        food = factory.Trait(kind=Certificate.Kind.BFDA, goods="")
        submitted = factory.Trait(state=Certificate.State.SUBMITTED, verified_at=None, verified_by=None)

    vendor = factory.SubFactory(VendorFactory)
    kind = Certificate.Kind.ORGANIC
    state = Certificate.State.VERIFIED
    number = factory.Sequence(lambda n: f"C-{n}")
    holder = factory.SelfAttribute("vendor.name")
    goods = "honey"
    region = factory.SelfAttribute("vendor.home_region")
    valid_from = factory.LazyFunction(lambda: timezone.now().date().replace(month=1, day=1))
    valid_until = factory.LazyFunction(lambda: timezone.now().date() + timedelta(days=300))
    submitted_at = factory.LazyFunction(timezone.now)
    verified_at = factory.LazyFunction(timezone.now)
    verified_by = factory.SubFactory(PersonFactory)

    @factory.post_generation
    def products(self, create, extracted, **kwargs):
        if create and extracted:
            self.products.set(extracted)


class GroupPhotoFactory(factory.django.DjangoModelFactory):
    """A photo of a group with renditions, whose files are not there."""

    class Meta:
        model = GroupPhoto

    vendor = factory.SubFactory(VendorFactory)
    original = factory.Sequence(lambda n: f"groups/{n}.webp")
    digest = factory.Sequence(lambda n: f"{n:064d}")
    alt_text = factory.Sequence(lambda n: f"Weavers at work {n}")
    width = 1600
    height = 1200
    has_renditions = True


class GroupChangeFactory(factory.django.DjangoModelFactory):
    """A change of the page of a group in the shop that waits: another story."""

    class Meta:
        model = GroupChange

    vendor = factory.SubFactory(VendorFactory)
    proposed = factory.LazyFunction(lambda: {"story": "We weave since 1975."})
    base = factory.LazyAttribute(lambda row: {name: getattr(row.vendor, name) for name in row.proposed})
    submitted_at = factory.LazyFunction(timezone.now)


class GroupPersonFactory(factory.django.DjangoModelFactory):
    """Somebody who makes the goods and agreed to be shown."""

    class Meta:
        model = GroupPerson

    vendor = factory.SubFactory(VendorFactory)
    name = factory.Sequence(lambda n: f"Sangay {n}")
    work = "weaves since she was nine"
    form_key = factory.Sequence(lambda n: f"form-{n}")
    consented_at = factory.LazyFunction(timezone.now)
