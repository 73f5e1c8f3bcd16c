"""A file of 5,000 new listings: looked through, taken over, and handed in again."""

from benchmarks.counting import Counted, counted
from benchmarks.ground import Ground
from benchmarks.report import Result
from benchmarks.rows import make_vendors
from catalogue.models import ImportJob, Product
from catalogue.selectors.import_reports import export_file, progress_of
from catalogue.services import importing
from people.models import User

ROWS = 5_000


def measure(_ground: Ground) -> Result:
    """Seconds and statements of each step, by one process."""
    (vendor,) = make_vendors(1)
    person = User.objects.create_person(name="Bookkeeper", password=None, email="book@example.org")
    content = "sku,title,price,stock,description\n" + "".join(
        f"S{n},Listing {n},{n % 900 + 1}.50,5,Made by hand\n" for n in range(ROWS)
    )
    rows = []
    for name, token in (("first", "a"), ("the same again", "b")):
        with counted() as taken:
            job = importing.take_in(vendor, content.encode(), name="list.csv", token=token, actor=person)
        looked = _until_left(job, ImportJob.State.CHECKING)
        importing.begin(job, person)
        done = _until_left(job, ImportJob.State.IMPORTING)
        rows += [
            (f"{name}: taken in", _words(taken)),
            (f"{name}: looked through", _words(looked)),
            (f"{name}: taken over", _words(done)),
        ]
    with counted() as exported:
        export_file(vendor)
    if Product.objects.filter(vendor=vendor).count() != ROWS or progress_of(job).unchanged != ROWS:
        raise AssertionError("the listings are not those of the file")
    return Result(
        f"Import of a file with {ROWS:,} new listings",
        [*rows, ("export of all", _words(exported))],
        ["One process. Each row is one transaction, so a sale waits for one row at most."],
    )


def _until_left(job: ImportJob, state: str) -> Counted:
    with counted() as count:
        while ImportJob.objects.filter(pk=job.pk, state=state).exists():
            importing.run(job.pk)
    return count


def _words(count: Counted) -> str:
    return f"{count.seconds:.1f} s, {count.statements:,} statements"
