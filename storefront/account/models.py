"""Oscar's customer models, unchanged."""

from oscar.apps.customer.models import *  # noqa: F403 - a fork must offer Oscar's models
