"""What a first start shows without server or network: our guides and sourced facts; knows no sync.

Read lazily from the files beside this one and kept; every call answers the same frozen records.
`SOURCES.md` says where each fact comes from and under which licence.
"""

from resources.starter.reading import guides, localities, organisations, projects, regions
from resources.starter.records import Guide, Locality, Money, Organisation, Project, Region

__all__ = [
    "Guide",
    "Locality",
    "Money",
    "Organisation",
    "Project",
    "Region",
    "guides",
    "localities",
    "organisations",
    "projects",
    "regions",
]
