"""Codes about library items: languages, levels, licences, kinds of document, subjects, readers; knows no record."""

from i18n import Text
from resources.codes.domains import DOMAINS

LANGUAGES = {
    "fr": Text("French"),
    "ar": Text("Arabic"),
    "en": Text("English"),
    "so": Text("Somali"),
    "aa": Text("Afar"),
    "am": Text("Amharic"),
    "om": Text("Oromo"),
}

LEVELS = {
    "beginner": Text("Beginner"),
    "intermediate": Text("Intermediate"),
    "advanced": Text("Advanced"),
}

AUDIENCES = {
    "everyone": Text("Everyone"),
    "members": Text("Members of associations"),
    "leaders": Text("Leaders of associations"),
    "treasurers": Text("Treasurers"),
    "project_teams": Text("Project teams"),
    "trainers": Text("Trainers"),
    "teachers": Text("Teachers"),
    "youth": Text("Young people"),
    "children": Text("Children"),
}

LICENCES = {
    "cc0": Text("CC0 (public domain)"),
    "cc_by": Text("CC BY"),
    "cc_by_sa": Text("CC BY-SA"),
    "cc_by_nc": Text("CC BY-NC"),
    "cc_by_nc_sa": Text("CC BY-NC-SA"),
    "cc_by_nd": Text("CC BY-ND"),
    "cc_by_nc_nd": Text("CC BY-NC-ND"),
    "official": Text("Official text"),
    "permission": Text("Shared with the author’s permission"),
    "all_rights": Text("All rights reserved"),
    "unknown": Text("Unknown"),
}

ITEM_TYPES = {
    "guide": Text("Guide"),
    "story": Text("Story"),
    "form": Text("Form or template"),
    "report": Text("Report"),
    "law": Text("Law or regulation"),
    "video": Text("Video"),
    "audio": Text("Audio"),
    "image": Text("Image"),
    "dataset": Text("Dataset"),
    "other": Text("Other"),
}

# What a document is about: the work of an association first, then the domains.
SUBJECTS = {
    "association_life": Text("Life of the association"),
    "project_writing": Text("Writing a project"),
    "monitoring": Text("Monitoring and evaluation"),
    "budget": Text("Budget and accounts"),
    "fundraising": Text("Fundraising and donors"),
    "advocacy": Text("Advocacy"),
    "teaching": Text("Teaching and facilitation"),
    "reading": Text("Reading and stories"),
    **DOMAINS,
}
