"""What staff look at before they decide about a group: its checklist, papers, photos and people."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.lib.decision_admin import DecisionAdmin
from marketplace.lib.downloads import private_picture
from marketplace.lib.uploads import private_storage
from regions.scoped_admin import ScopedAdmin
from vendors.admin.hand_in import hand_in_page
from vendors.errors import ApplicationError, ReasonMissing
from vendors.models import GroupDocument, Partner, Requirement
from vendors.policies import (
    can_apply_for_group,
    can_decide_vendor,
    can_hand_in_certificate,
    can_verify_papers,
)
from vendors.selectors.applications import version_of
from vendors.selectors.checklist import checklist
from vendors.services import requirements

APPLICATION_STATES = (Partner.State.DRAFT, Partner.State.APPLIED, Partner.State.RETURNED)
# From then on a group's application is no desk of an officer any more.
SELLING_STATES = (Partner.State.APPROVED, Partner.State.SUSPENDED)


class ApplicationAdmin(ScopedAdmin, DecisionAdmin):
    """A group's page with its checklist; verifying asks for the right to look at papers, waiving for that to decide."""

    change_form_template = "admin/vendor_change_form.html"
    region_path = "home_region__path"

    def get_urls(self) -> list[URLPattern]:
        """Besides the decisions' address those of requirements and papers."""
        site = self.admin_site.admin_view
        return [
            path(
                "<int:object_id>/requirement/",
                site(require_POST(self.requirement_view)),
                name="partner_partner_requirement",
            ),
            path(
                "<int:object_id>/papers/<int:pk>.webp",
                site(require_safe(self.paper_view)),
                name="partner_partner_paper",
            ),
            path(
                "<int:object_id>/certificate/",
                site(partial(hand_in_page, self)),
                name="partner_partner_hand_in",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form with what there is to look at."""
        context = dict(extra_context or {})
        shown = self.get_object(request, object_id)
        if shown is not None:
            found = checklist(shown)
            context |= {
                "checklist": found,
                "may_verify": can_verify_papers(request.user),
                "may_waive": can_decide_vendor(request.user, shown),
                "may_hand_in": can_hand_in_certificate(request.user, shown) and shown.state in SELLING_STATES,
                "may_apply": can_apply_for_group(request.user) and shown.state in APPLICATION_STATES,
                "papers": GroupDocument.objects.visible_to(request.user).filter(vendor=shown),
                "photos": shown.photos.all(),
                "people": shown.people.all(),
                "state": shown.state,
                "seen_version": version_of(shown) if shown.state == Partner.State.APPLIED else "",
            }
        return super().change_view(request, object_id, form_url, context)

    def requirement_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Verify, waive or take back one requirement. 403 without the right, 404 for what there is not."""
        vendor = self._vendor(request, object_id)
        pk = request.POST.get("requirement", "")
        key = int(pk) if pk.isdecimal() and len(pk) < 19 else 0
        requirement = get_object_or_404(Requirement.objects.asked_of(vendor.kind), pk=key)
        do = request.POST.get("do", "")
        reason = request.POST.get("reason", "").replace("\0", "")
        if do not in ("verify", "waive", "take_back"):
            raise Http404
        if not self._may_say(request, vendor, requirement, do):
            raise PermissionDenied
        try:
            changed = self._say(request, vendor, requirement, do=do, reason=reason)
        except ReasonMissing:
            self.message_user(request, _("Write why it is not needed of this group."), messages.ERROR)
        except ApplicationError as error:
            self.message_user(request, str(error.message), messages.ERROR)
        else:
            said = _("Noted.") if changed else _("That had been said already.")
            self.message_user(request, said, messages.SUCCESS)
        return HttpResponseRedirect(f"{self._url('change', vendor.pk)}#checklist")

    def paper_view(self, request: HttpRequest, object_id: int, pk: int) -> HttpResponse:
        """One page of a paper, for staff who look at papers. 404: of another group, or without the right."""
        if not can_verify_papers(request.user):
            raise PermissionDenied
        rows = GroupDocument.objects.visible_to(request.user).filter(vendor=object_id)
        row = get_object_or_404(rows, pk=pk)
        return private_picture(private_storage(), row.name)

    def _may_say(self, request: HttpRequest, vendor: Partner, requirement: Requirement, do: str) -> bool:
        """Waiving, and taking back what was waived, is for those who decide; the rest for those who look at papers."""
        if do == "take_back":
            newest = vendor.requirement_marks.filter(requirement=requirement).order_by("-pk").first()
            if newest is not None and newest.action == newest.Action.WAIVED:
                do = "waive"
        return can_decide_vendor(request.user, vendor) if do == "waive" else can_verify_papers(request.user)

    def _vendor(self, request: HttpRequest, object_id: int) -> Partner:
        if not self.has_view_permission(request):
            raise PermissionDenied
        vendor: Partner | None = self.get_object(request, str(object_id))
        if vendor is None:
            raise Http404
        return vendor

    def _say(
        self, request: HttpRequest, vendor: Partner, requirement: Requirement, *, do: str, reason: str
    ) -> bool:
        if do == "waive":
            return requirements.waive(vendor, requirement, actor=request.user, reason=reason)
        if do == "take_back":
            return requirements.take_back(vendor, requirement, actor=request.user, reason=reason)
        return requirements.verify(vendor, requirement, actor=request.user)
