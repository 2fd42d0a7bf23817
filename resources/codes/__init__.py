"""The short lists of codes that fields choose from, each code with its name; knows no record and no file.

Names are `Text`: English here, French and Arabic in the catalogues. Somali and
Afar names are absent until somebody who speaks them writes them.
"""

from resources.codes.activity import (
    CONSENTS,
    EQUIPMENT,
    ORGANISATION_TYPES,
    PLACE_TYPES,
    REGIONS,
    SERVICES,
    STATUSES,
    VERIFIED_HOW,
)
from resources.codes.domains import DOMAINS, PUBLICS, domains_of_sector
from resources.codes.learning import AUDIENCES, ITEM_TYPES, LANGUAGES, LEVELS, LICENCES, SUBJECTS
from resources.codes.sectors import SECTOR_CATEGORIES, SECTORS

__all__ = [
    "AUDIENCES",
    "CONSENTS",
    "DOMAINS",
    "EQUIPMENT",
    "ITEM_TYPES",
    "LANGUAGES",
    "LEVELS",
    "LICENCES",
    "ORGANISATION_TYPES",
    "PLACE_TYPES",
    "PUBLICS",
    "REGIONS",
    "SECTORS",
    "SECTOR_CATEGORIES",
    "SERVICES",
    "STATUSES",
    "SUBJECTS",
    "VERIFIED_HOW",
    "domains_of_sector",
]
