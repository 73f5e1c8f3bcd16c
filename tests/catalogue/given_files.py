"""What tests of files with listings are given: a group, its bookkeeper and what they upload."""

import csv
import io

from catalogue.models import ImportJob, ImportRow
from catalogue.services import importing
from tests.dashboard.given import member_of
from tests.factories.vendors import VendorFactory
from vendors.models import StockRecord

COLUMNS = ("sku", "title", "price", "stock", "size", "content", "unit", "place", "category", "currency")


class Shop:
    """A group, its bookkeeper and what they upload."""

    def __init__(self):
        self.vendor = VendorFactory(name="Khoma weavers")
        self.person = member_of(self.vendor)
        self.files = 0

    def upload(self, content, name="list.csv"):
        """Hand a file in and let the worker look through it."""
        self.files += 1
        content = content if isinstance(content, bytes) else content.encode()
        job = importing.take_in(self.vendor, content, name=name, token=str(self.files), actor=self.person)
        importing.run(job.pk)
        job.refresh_from_db()
        return job

    def take_over(self, content):
        """Hand a file in, and let the good rows be taken over."""
        job = self.upload(content)
        importing.begin(job, self.person)
        importing.run(job.pk)
        job.refresh_from_db()
        assert job.state == ImportJob.State.DONE
        return job

    def record(self, sku):
        return StockRecord.objects.get(partner=self.vendor, partner_sku=sku)


def file_of(*rows, columns=COLUMNS):
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="raise")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def codes(job):
    return [
        (row.number, fault["column"], fault["code"])
        for row in ImportRow.objects.filter(job=job).order_by("number")
        for fault in row.faults
    ]
