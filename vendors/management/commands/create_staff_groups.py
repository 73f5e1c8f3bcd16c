"""Makes the groups of staff (moderators, officers, finance officers) with their rights."""

from typing import Any

from django.core.management.base import BaseCommand

from vendors.services.staff_groups import RIGHTS, create_staff_groups


class Command(BaseCommand):
    """Run after every migrate; a second run changes nothing."""

    help = "Makes the groups of staff with their rights and puts back what was changed by hand."

    def handle(self, *args: Any, **options: Any) -> None:
        """Call the service and say what it did."""
        changed = create_staff_groups()
        self.stdout.write(f"staff groups: {len(RIGHTS)}, changed: {changed}")
