"""Work on photos, files with listings and words for finding that a request does not wait for."""

from celery import shared_task

from catalogue.services import (
    cleaning,
    follow_telling,
    importing,
    known_names,
    renditions,
    stock_requests,
    stock_telling,
    tallies,
    vocabulary,
)


@shared_task(name="catalogue.make_renditions", autoretry_for=(OSError,), retry_backoff=10, max_retries=3)
def make_renditions(photo_pk: int) -> None:
    """Renditions of one photo; a storage that does not answer is asked again, then the periodic task goes on."""
    renditions.make_renditions(photo_pk)


@shared_task(name="catalogue.make_missing_renditions")
def make_missing_renditions() -> int:
    """Renditions of photos whose task was lost."""
    return renditions.make_missing_renditions()


@shared_task(name="catalogue.run_import")
def run_import(job_pk: int) -> None:
    """Go on with one file with listings."""
    importing.run(job_pk)


@shared_task(name="catalogue.run_imports")
def run_imports() -> int:
    """Go on with files whose task was lost."""
    return importing.run_all()


@shared_task(name="catalogue.clear_old_files")
def clear_old_files() -> int:
    """Clear files with listings, and photos of refused changes, that nobody needs any more."""
    return cleaning.clear_imports() + cleaning.clear_photos()


@shared_task(name="catalogue.refresh_known_names")
def refresh_known_names() -> int:
    """Let listings be found under the products that are those of their places today."""
    return known_names.refresh_known_names()


@shared_task(name="catalogue.refresh_vocabulary")
def refresh_vocabulary() -> int:
    """Words by which typed ones are understood."""
    return vocabulary.refresh_vocabulary()


@shared_task(name="catalogue.recount_listings")
def recount_listings() -> int:
    """One row in the place of many changes of the numbers of listings."""
    return tallies.recount()


@shared_task(name="catalogue.tell_of_stock")
def tell_of_stock() -> int:
    """Tell those who wait for what can be bought again."""
    return stock_telling.tell_of_stock()


@shared_task(name="catalogue.clear_stock_requests")
def clear_stock_requests() -> int:
    """Forget requests that were told of long ago, and addresses that nobody confirmed."""
    return stock_requests.clear_old()


@shared_task(name="catalogue.tell_of_news")
def tell_of_news() -> int:
    """Tell those whose week is over of what is new at what they follow."""
    return follow_telling.tell_of_news()
