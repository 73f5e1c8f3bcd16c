"""Offers in Django admin: the programme's are made here, a second person agrees above the limit; groups' are seen here."""

import uuid
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from oscar.core.loading import get_model

from catalogue.models import Product
from marketplace.lib.decision_admin import Decision, DecisionAdmin, EventInline
from marketplace.lib.money import format_money
from marketplace.lib.read_only_admin import ReadOnlyAdmin, SeenWithPage
from orders.documents.code_files import codes_file
from orders.domain.offers import ZERO
from orders.errors import CodesFetched, OrderError
from orders.offers.models import ConditionalOffer, OfferEvent
from orders.policies import can_decide_offers, can_make_offers
from orders.selectors.code_sets import code_sets
from orders.selectors.offers import benefit_words, first_day, giver_words, last_day, range_words
from orders.services.code_sets import MOST_CODES, fetch_codes
from orders.services.offers import OfferTerms, approve_offer, make_offer, stop_offer
from orders.vouchers.models import VoucherSet
from regions.models import Region
from vendors.models import Partner

State = ConditionalOffer.State
CURRENCIES = (("INR", "INR"), ("BTN", "BTN"), ("USD", "USD"))


class OfferForm(forms.ModelForm):
    """An offer that the programme pays. What the service refuses is said beside its field."""

    currency = forms.ChoiceField(label=gettext_lazy("currency"), choices=CURRENCIES)
    percent = forms.DecimalField(
        label=gettext_lazy("percent"), required=False, max_digits=4, decimal_places=2
    )
    amount = forms.DecimalField(
        label=gettext_lazy("or an amount"), required=False, max_digits=10, decimal_places=2
    )
    minimum = forms.DecimalField(
        label=gettext_lazy("goods must cost at least"),
        required=False,
        min_value=0,
        max_digits=10,
        decimal_places=2,
    )
    first_day = forms.DateField(label=gettext_lazy("first day"), widget=AdminDateWidget)
    last_day = forms.DateField(label=gettext_lazy("last day"), widget=AdminDateWidget)
    max_money = forms.DecimalField(
        label=gettext_lazy("what the programme pays at most"), max_digits=10, decimal_places=2
    )
    max_uses = forms.IntegerField(label=gettext_lazy("orders at most"), required=False, min_value=1)
    code = forms.CharField(
        label=gettext_lazy("code"),
        required=False,
        max_length=20,
        help_text=gettext_lazy("Empty: it counts for everybody."),
    )
    code_count = forms.IntegerField(
        label=gettext_lazy("or so many codes for one order each"),
        required=False,
        min_value=1,
        max_value=MOST_CODES,
        help_text=gettext_lazy("They are drawn; the page of the offer hands out the file once."),
    )
    is_once = forms.BooleanField(label=gettext_lazy("once for each person"), required=False)
    group = forms.CharField(label=gettext_lazy("only of the group (code)"), required=False, max_length=60)
    place = forms.CharField(label=gettext_lazy("only from the place (code)"), required=False, max_length=60)
    categories = forms.ModelMultipleChoiceField(
        label=gettext_lazy("only of these categories"),
        queryset=get_model("catalogue", "Category").objects.order_by("path"),
        required=False,
    )
    listings = forms.CharField(
        label=gettext_lazy("only these listings (numbers, with commas)"), required=False, max_length=400
    )
    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = ConditionalOffer
        fields = (
            "title",
            "percent",
            "amount",
            "currency",
            "minimum",
            "first_day",
            "last_day",
            "max_money",
            "max_uses",
            "code",
            "code_count",
            "is_once",
            "group",
            "place",
            "categories",
            "listings",
            "form_key",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Written as the model's own names are, which Django begins with a capital by itself.
        for field in self.fields.values():
            field.label = capfirst(field.label)

    def clean_group(self) -> Partner | None:
        """The group of this code."""
        return self._named(
            Partner.objects.select_related("home_region"), "group", _("No group has this code.")
        )

    def clean_place(self) -> Region | None:
        """The place of this code."""
        return self._named(Region.objects.all(), "place", _("No place has this code."))

    def clean_listings(self) -> list[Product]:
        """The listings of these numbers."""
        words = [word.strip() for word in self.cleaned_data["listings"].split(",") if word.strip()]
        numbers = {int(word) for word in words if word.isdecimal() and len(word) < 10}
        found = list(Product.objects.filter(pk__in=numbers).exclude(structure=Product.CHILD))
        if len(found) != len(set(words)):
            raise forms.ValidationError(
                _("Some of these are no listings. Their numbers stand in their addresses.")
            )
        return found

    def _post_clean(self) -> None:
        # The terms are checked by the service, which knows them whole.
        if self.errors or not self.cleaned_data:
            return
        try:
            self.instance = make_offer(self._terms(), actor=self.person, key=self.cleaned_data["form_key"])
        except OrderError as error:
            field = {"vendor": "group", "region": "place"}.get(
                getattr(error, "field", ""), getattr(error, "field", "")
            )
            self.add_error(field if field in self.fields else None, str(error.message))

    def _terms(self) -> OfferTerms:
        given = self.cleaned_data
        return OfferTerms(
            title=given["title"],
            payer=None,
            currency=given["currency"],
            percent=given["percent"],
            amount=given["amount"],
            minimum=given["minimum"] or ZERO,
            first_day=given["first_day"],
            last_day=given["last_day"],
            vendor=given["group"],
            region=given["place"],
            categories=list(given["categories"]),
            listings=given["listings"],
            code=given["code"],
            code_count=given["code_count"] or 0,
            is_once=given["is_once"],
            max_uses=given["max_uses"],
            max_money=given["max_money"],
        )

    def _named(self, rows: QuerySet[Any], field: str, words: str) -> Any:
        code = self.cleaned_data[field].strip()
        if not code:
            return None
        found = rows.filter(code__iexact=code.replace("\0", "")).first()
        if found is None:
            raise forms.ValidationError(words)
        return found

    # Set by the admin, which knows who sends it.
    person: Any = None


class OfferEventInline(SeenWithPage, EventInline):
    """What happened to it."""

    model = OfferEvent


@admin.register(ConditionalOffer)
class OfferAdmin(ReadOnlyAdmin, DecisionAdmin):
    """Offers with what they were used for; the terms of one that is there are never changed."""

    form = OfferForm
    change_form_template = "admin/offer/conditionaloffer/change_form.html"
    queue_state = State.PROPOSED
    queue_field = "date_created"
    refusals = (OrderError,)
    decisions = (
        Decision(
            "approve",
            gettext_lazy("Approve"),
            frozenset({State.PROPOSED}),
            lambda row, actor, reason: approve_offer(row, actor=actor, reason=reason),
            in_bulk=False,
        ),
        Decision(
            "stop",
            gettext_lazy("Stop"),
            frozenset({State.PROPOSED, State.OPEN}),
            lambda row, actor, reason: stop_offer(row, actor=actor, reason=reason),
            needs_reason=True,
            in_bulk=False,
        ),
    )
    list_display = ("title", "gives", "days", "uses", "money", "state", "made_by")
    list_select_related = (
        "payer__home_region",
        "benefit",
        "condition__range__vendor__home_region",
        "condition__range__region",
        "made_by",
    )
    list_filter = ("state", "currency", ("payer", admin.EmptyFieldListFilter))
    search_fields = ("title", "vouchers__code", "payer__name", "payer__code")
    ordering = ("-pk",)
    fields = (
        "title",
        "gives",
        "goods",
        "least",
        "days",
        "codes",
        "is_once",
        "uses",
        "money",
        "state",
        "made_by",
        "approved_by",
        "date_created",
    )
    readonly_fields = fields
    inlines = (OfferEventInline,)

    def get_urls(self) -> list[URLPattern]:
        """The pages of the list and the form, and the address of the file of codes."""
        codes = self.admin_site.admin_view(require_POST(self.codes_view))
        return [
            path("<int:object_id>/codes.csv", codes, name="offer_conditionaloffer_codes"),
            *super().get_urls(),
        ]

    def page_context(self, row: ConditionalOffer) -> dict[str, Any]:
        """Whether the file of codes can be had. Those of a group's offer are handed out on its own desk."""
        codes = code_sets([row]).get(row.pk) if row.payer_id is None else None
        return {"codes": codes}

    def codes_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """The file of the codes of an offer of the programme, once; who fetched it stands in the history."""
        if not can_make_offers(request.user):
            raise PermissionDenied
        shown = self.get_object(request, str(object_id))
        codes = VoucherSet.objects.filter(offer=shown, offer__payer=None).first() if shown else None
        if codes is None:
            raise Http404
        try:
            answer = codes_file(fetch_codes(codes), object_id)
        except CodesFetched as error:
            self.message_user(request, str(error.message), messages.ERROR)
            return HttpResponseRedirect(reverse("admin:offer_conditionaloffer_change", args=[object_id]))
        self.log_change(request, shown, _("File of codes fetched."))
        return answer

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Those who give the programme's money."""
        return can_make_offers(request.user)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The whole page; of a new one what is typed."""
        return self.fields if obj else OfferForm.Meta.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """All but those of a new one."""
        return self.readonly_fields if obj else ()

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        """A new one has no history."""
        return self.inlines if obj else ()

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, which knows who sends it."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.person = request.user
        return form

    def save_model(self, request: HttpRequest, obj: ConditionalOffer, form: Any, change: bool) -> None:
        """It was made by its service when the form was checked."""

    def may_decide(self, user: Any) -> bool:
        """Those who give the programme's money; the service refuses whoever made it."""
        return can_decide_offers(user)

    @admin.display(description=gettext_lazy("offer"))
    def gives(self, offer: ConditionalOffer) -> str:
        """What it takes off, and who pays."""
        return giver_words(benefit_words(offer), offer.payer)

    @admin.display(description=gettext_lazy("for"))
    def goods(self, offer: ConditionalOffer) -> str:
        """Which goods it is for."""
        return range_words(offer)

    @admin.display(description=gettext_lazy("goods must cost at least"))
    def least(self, offer: ConditionalOffer) -> str:
        """What the goods must cost together."""
        return format_money(offer.condition.value or ZERO, offer.currency)

    @admin.display(description=gettext_lazy("days"), ordering="start_datetime")
    def days(self, offer: ConditionalOffer) -> str:
        """From when until when, both days included."""
        return _("%(first)s to %(last)s") % {"first": first_day(offer), "last": last_day(offer)}

    @admin.display(description=gettext_lazy("code"))
    def codes(self, offer: ConditionalOffer) -> str:
        """By which it is taken: one for all, or how many of those for one order each are used."""
        codes = code_sets([offer]).get(offer.pk)
        if codes is not None:
            return _("%(used)d of %(count)d codes used") % {"used": codes.used, "count": codes.count}
        return ", ".join(offer.vouchers.values_list("code", flat=True)) or "-"

    @admin.display(description=gettext_lazy("orders"), ordering="num_applications")
    def uses(self, offer: ConditionalOffer) -> str:
        """Orders that have it, of how many."""
        return _of(str(offer.num_applications), offer.max_global_applications)

    @admin.display(description=gettext_lazy("taken off"), ordering="total_discount")
    def money(self, offer: ConditionalOffer) -> str:
        """What it took off so far, of how much."""
        most = offer.max_discount
        return _of(
            format_money(offer.total_discount, offer.currency),
            None if most is None else format_money(most, offer.currency),
        )


def _of(found: str, most: Any) -> str:
    return found if most is None else _("%(found)s of %(most)s") % {"found": found, "most": most}
