"""Coverage in Django admin: map, table and CSV; each place leads to what should be done there next."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _

from marketplace.lib.downloads import csv_response
from marketplace.lib.read_only_admin import ReadOnlyAdmin
from programme.coverage_map import STEPS, coverage_map
from programme.documents.coverage import coverage_csv
from programme.models import SchemeCoverage
from programme.policies import can_see_coverage
from programme.selectors.coverage import Coverage, Gap, Place, coverage, levels_of
from regions.models import Region, Scheme
from regions.moved_queries import moved_query
from regions.policies import reach_of


@admin.register(SchemeCoverage)
class SchemeCoverageAdmin(ReadOnlyAdmin):
    """The schemes; each opens on its coverage."""

    list_display = ("name", "code", "country")
    list_select_related = ("country",)
    ordering = ("country__code", "code")

    def get_urls(self) -> list[URLPattern]:
        """The file beside the page."""
        file = path(
            "<int:pk>/csv/", self.admin_site.admin_view(self.csv_view), name="programme_schemecoverage_csv"
        )
        found: list[URLPattern] = [file, *super().get_urls()]
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Map and table of one level. ?level, ?within (code of a place), ?gap narrow it. 404: what does not exist.

        The code of a place of before leads to the one of today.
        """
        if (elsewhere := _moved(request)) is not None:
            return elsewhere
        found, gap = _asked(request, object_id)
        query = {key: request.GET[key] for key in ("level", "within", "gap") if request.GET.get(key)}
        totals = found.totals
        values = {
            **self.admin_site.each_context(request),
            "title": _("Coverage: %(scheme)s") % {"scheme": found.scheme.name},
            "coverage": found,
            "map": coverage_map(found, lambda place: _next_step(place, found.scheme)[0]),
            "rows": [(place, *_next_step(place, found.scheme)) for place in found.lacking(gap)],
            "gaps": [(each, STEPS[each], totals[each], _link(query, gap=each.value)) for each in Gap],
            "gap": gap,
            "all_link": _link(query, gap=""),
            "levels": [(level, _link(query, level=level.value, gap="")) for level in levels_of(found.scheme)],
            "query": urlencode(query),
        }
        return TemplateResponse(request, "admin/programme/coverage.html", values)

    def csv_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The table as a file, with the same narrowing."""
        if (elsewhere := _moved(request)) is not None:
            return elsewhere
        found, gap = _asked(request, str(pk))
        return csv_response(coverage_csv(found, gap=gap), f"coverage-{found.scheme.code}-{found.level}")


def _moved(request: HttpRequest) -> HttpResponse | None:
    """Where the code of a place of before leads; only for those who see the page."""
    return moved_query(request, "within") if can_see_coverage(request.user) else None


def _asked(request: HttpRequest, pk: str) -> tuple[Coverage, Gap | None]:
    if not can_see_coverage(request.user) or request.method not in ("GET", "HEAD"):
        raise PermissionDenied
    scheme = Scheme.objects.select_related("country").filter(pk=pk).first() if pk.isdecimal() else None
    if scheme is None:
        raise Http404
    levels = levels_of(scheme)
    level = request.GET.get("level") or levels[0]
    gap = request.GET.get("gap") or None
    code = request.GET.get("within", "").replace("\0", "")
    within = Region.objects.within(scheme.country).filter(code=code).first() if code else None
    if level not in levels or (gap and gap not in Gap.values) or (code and within is None):
        raise Http404
    return coverage(scheme, Region.Level(level), within=within, reach=reach_of(request.user)), Gap(
        gap
    ) if gap else None


def _link(query: dict[str, str], **changes: str) -> str:
    kept = {key: value for key, value in {**query, **changes}.items() if value}
    return f"?{urlencode(kept)}"


def _next_step(place: Place, scheme: Scheme) -> tuple[str, str]:
    """Where what the place lacks first can be given to it, and the words of that link."""
    region = place.region
    found = {"q": region.name}
    if place.gap == Gap.PRODUCT and scheme.is_programme:
        about = {"scheme": scheme.pk, "region": region.code}
        return f"{reverse('admin:regions_nomination_propose')}?{urlencode(about)}", _("propose its product")
    if place.gap == Gap.PRODUCT:
        about = {"scheme": scheme.pk, "region": region.pk}
        return f"{reverse('admin:regions_identifiedproduct_add')}?{urlencode(about)}", _("name its product")
    if place.gap == Gap.GROUP:
        return f"{reverse('sell-begin')}?{urlencode({'place': region.code})}", _("bring a group on board")
    if place.gap == Gap.LISTING:
        return f"{reverse('admin:partner_partner_changelist')}?{urlencode(found)}", _("see its groups")
    if place.gap == Gap.SALE:
        return f"{reverse('admin:catalogue_product_changelist')}?{urlencode(found)}", _("see its listings")
    return reverse("place-detail", args=[region.code]), _("see its page")
