"""Places, schemes, identified products and protected names."""

import factory

from regions.models import (
    LEVELS_BY_COUNTRY,
    GeographicalIndication,
    IdentifiedProduct,
    MapTile,
    Region,
    RegionAlias,
    Scheme,
)


def _path(region):
    return f"{region.parent.path if region.parent else ''}{region.code}/"


class CountryFactory(factory.django.DjangoModelFactory):
    """A country, by default Bhutan; the same row whenever the same code is asked for."""

    class Meta:
        model = Region
        django_get_or_create = ("code",)

    code = "BT"
    name = factory.LazyAttribute(
        lambda o: {"BT": "Bhutan", "IN": "India", "TH": "Thailand"}.get(o.code, o.code)
    )
    parent = None
    level = Region.Level.COUNTRY
    depth = 0
    path = factory.LazyAttribute(_path)


class RegionFactory(factory.django.DjangoModelFactory):
    """A gewog in a dzongkhag of its own. Traits: dzongkhag, state, province, district (in a state of its own)."""

    class Meta:
        model = Region

    class Params:
        dzongkhag = factory.Trait(level=Region.Level.DZONGKHAG, parent=factory.SubFactory(CountryFactory))
        state = factory.Trait(level=Region.Level.STATE, parent=factory.SubFactory(CountryFactory, code="IN"))
        province = factory.Trait(
            level=Region.Level.PROVINCE, parent=factory.SubFactory(CountryFactory, code="TH")
        )
        district = factory.Trait(
            level=Region.Level.DISTRICT,
            parent=factory.SubFactory("tests.factories.regions.RegionFactory", state=True),
        )

    level = Region.Level.GEWOG
    parent = factory.SubFactory("tests.factories.regions.RegionFactory", dzongkhag=True)
    code = factory.LazyAttributeSequence(lambda o, n: f"{o.parent.code}-X{n}")
    name = factory.Sequence(lambda n: f"Place {n}")
    depth = factory.LazyAttribute(lambda o: Region.DEPTHS[o.level])
    path = factory.LazyAttribute(_path)


class RegionAliasFactory(factory.django.DjangoModelFactory):
    """Another spelling of a place."""

    class Meta:
        model = RegionAlias

    region = factory.SubFactory(RegionFactory)
    alias = factory.Sequence(lambda n: f"Other name {n}")
    kind = "spelling"


class MapTileFactory(factory.django.DjangoModelFactory):
    """A tile of the gewog map."""

    class Meta:
        model = MapTile

    layout = MapTile.Layout.BT_GEWOG
    region = factory.SubFactory(RegionFactory)
    column = factory.Sequence(lambda n: n % 1000)
    row = 0


class SchemeFactory(factory.django.DjangoModelFactory):
    """A scheme, by default OGOP; the same row whenever the same code is asked for."""

    class Meta:
        model = Scheme
        django_get_or_create = ("code",)

    code = "OGOP"
    name = "One Gewog One Product"
    short_name = factory.SelfAttribute("code")
    product_word = factory.LazyAttribute(lambda o: f"{o.short_name} product")
    country = factory.SubFactory(CountryFactory)
    proposing_level = factory.LazyAttribute(lambda o: LEVELS_BY_COUNTRY[o.country.code][0])
    recommending_level = factory.LazyAttribute(lambda o: (*LEVELS_BY_COUNTRY[o.country.code], "")[1])


class IdentifiedProductFactory(factory.django.DjangoModelFactory):
    """A product that OGOP names for a gewog."""

    class Meta:
        model = IdentifiedProduct

    scheme = factory.SubFactory(SchemeFactory)
    region = factory.SubFactory(RegionFactory)
    name = factory.Sequence(lambda n: f"Honey {n}")
    category = "Food"
    source = "test"


class GeographicalIndicationFactory(factory.django.DjangoModelFactory):
    """A protected name of India; give regions to say where."""

    class Meta:
        model = GeographicalIndication
        skip_postgeneration_save = True

    country = "IN"
    serial = factory.Sequence(lambda n: n + 1)
    name = factory.Sequence(lambda n: f"Tea {n}")
    goods_class = GeographicalIndication.GoodsClass.AGRICULTURAL
    status = "registered in India"
    source = "test"

    @factory.post_generation
    def regions(self, create, extracted, **kwargs):
        if create and extracted:
            self.regions.set(extracted)
