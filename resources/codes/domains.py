"""Domains of work and the people served: our own short lists, with the DAC sectors behind each; knows no record.

The DAC purpose codes (OECD, used by IATI) have five digits whose first three
are the category. Facts taken from the IATI code list `Sector`.
"""

from i18n import Text

DOMAINS = {
    "education": Text("Education"),
    "training": Text("Training and skills"),
    "health": Text("Health"),
    "water": Text("Water and sanitation"),
    "environment": Text("Environment and climate"),
    "agriculture_fishing": Text("Agriculture, herding and fishing"),
    "economy": Text("Economy and jobs"),
    "social": Text("Social action"),
    "women": Text("Women"),
    "youth": Text("Youth"),
    "disability": Text("Disability"),
    "culture": Text("Culture and heritage"),
    "sport": Text("Sport"),
    "rights": Text("Rights and citizenship"),
    "governance": Text("Governance and peace"),
    "migration": Text("Migration and refugees"),
    "emergency": Text("Emergency and food aid"),
    "digital": Text("Digital and communication"),
    "energy": Text("Energy"),
    "transport": Text("Transport"),
    "research": Text("Research"),
    "other": Text("Other"),
}

PUBLICS = {
    "everyone": Text("Everyone"),
    "children": Text("Children"),
    "youth": Text("Young people"),
    "women": Text("Women"),
    "elderly": Text("Older people"),
    "disabled": Text("People with disabilities"),
    "families": Text("Families"),
    "students": Text("Pupils and students"),
    "unemployed": Text("People looking for work"),
    "rural": Text("Rural and nomadic people"),
    "farmers_fishers": Text("Farmers, herders and fishers"),
    "refugees": Text("Migrants and refugees"),
    "patients": Text("Sick people"),
    "entrepreneurs": Text("Entrepreneurs and craftspeople"),
    "associations": Text("Associations"),
    "other": Text("Other"),
}

# DAC code or beginning of one -> domains. The longest beginning that fits
# decides alone. `youth`, `disability` and `sport` have no sector of their own.
_BY_SECTOR: dict[str, tuple[str, ...]] = {
    "11": ("education",),
    "11130": ("education", "training"),
    "11182": ("education", "research"),
    "11231": ("education", "youth"),
    "11330": ("training",),
    "11430": ("training",),
    "12": ("health",),
    "12182": ("health", "research"),
    "12281": ("health", "training"),
    "13": ("health",),
    "14": ("water",),
    "14081": ("water", "training"),
    "15": ("governance",),
    "15130": ("rights",),
    "15150": ("rights", "governance"),
    "15153": ("digital", "rights"),
    "15160": ("rights",),
    "15170": ("women", "rights"),
    "15180": ("women", "rights"),
    "15190": ("migration",),
    "16": ("social",),
    "16020": ("economy",),
    "16061": ("culture",),
    "16070": ("economy", "rights"),
    "16080": ("economy", "social"),
    "21": ("transport",),
    "22": ("digital",),
    "23": ("energy",),
    "24": ("economy",),
    "25": ("economy",),
    "31": ("agriculture_fishing",),
    "31182": ("agriculture_fishing", "research"),
    "312": ("environment",),
    "313": ("agriculture_fishing",),
    "32": ("economy",),
    "33": ("economy",),
    "33210": ("economy", "culture"),
    "41": ("environment",),
    "41082": ("environment", "research"),
    "43": ("other",),
    "43040": ("agriculture_fishing", "economy"),
    "43060": ("emergency",),
    "43082": ("research",),
    "52": ("emergency",),
    "72": ("emergency",),
    "73": ("emergency",),
    "74": ("emergency",),
    "93": ("migration",),
}


def domains_of_sector(code: str) -> tuple[str, ...]:
    """Our domains for a DAC code of 3 or 5 digits (`11330` -> `("training",)`); `("other",)` if none fits."""
    for length in range(len(code), 1, -1):
        found = _BY_SECTOR.get(code[:length])
        if found is not None:
            return found
    return ("other",)


def sectors_of_domain(domain: str) -> tuple[str, ...]:
    """The DAC codes, or beginnings of codes, that lead to a domain; empty for those without one."""
    return tuple(code for code, domains in _BY_SECTOR.items() if domain in domains)
