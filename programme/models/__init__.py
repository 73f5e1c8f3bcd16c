"""What the programme office looks at and keeps."""

from programme.models.claims import Claim
from programme.models.coverage import SchemeCoverage
from programme.models.impact import CountryImpact

__all__ = ["Claim", "CountryImpact", "SchemeCoverage"]
