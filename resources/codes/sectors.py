"""DAC purpose codes as donors use them: categories by name, five-digit codes by number; knows no record.

Codes, withdrawn ones too because old projects carry them: IATI code list
`Sector` (IATI-Codelists-NonEmbedded, 7aeece77), facts of the OECD list. The
names of categories are ours.
"""

from i18n import Text

SECTOR_CATEGORIES = {
    "111": Text("Education, level not said"),
    "112": Text("Basic education"),
    "113": Text("Secondary education"),
    "114": Text("Higher education"),
    "121": Text("Health in general"),
    "122": Text("Basic health"),
    "123": Text("Non-communicable diseases"),
    "130": Text("Population and reproductive health"),
    "140": Text("Water supply and sanitation"),
    "151": Text("Government and civil society"),
    "152": Text("Conflict, peace and security"),
    "160": Text("Other social services"),
    "210": Text("Transport and storage"),
    "220": Text("Communications"),
    "230": Text("Energy (former codes)"),
    "231": Text("Energy policy"),
    "232": Text("Energy from renewable sources"),
    "233": Text("Energy from non-renewable sources"),
    "234": Text("Hybrid energy plants"),
    "235": Text("Nuclear energy plants"),
    "236": Text("Energy distribution"),
    "240": Text("Banking and financial services"),
    "250": Text("Business services"),
    "311": Text("Agriculture"),
    "312": Text("Forestry"),
    "313": Text("Fishing"),
    "321": Text("Industry"),
    "322": Text("Mining"),
    "323": Text("Construction"),
    "331": Text("Trade policy"),
    "332": Text("Tourism"),
    "410": Text("Environment protection"),
    "430": Text("Several sectors"),
    "510": Text("General budget support"),
    "520": Text("Development food aid"),
    "530": Text("Other goods"),
    "600": Text("Debt"),
    "720": Text("Emergency response"),
    "730": Text("Reconstruction"),
    "740": Text("Disaster preparedness"),
    "910": Text("Donors’ administration"),
    "920": Text("Support to NGOs (former codes)"),
    "930": Text("Refugees in donor countries"),
    "998": Text("Not specified"),
}

# category -> the last two digits of its codes
_CODES = {
    "111": "10 20 30 82",
    "112": "20 30 31 32 40 50 60",
    "113": "20 21 22 30",
    "114": "20 30",
    "121": "10 81 82 91 96",
    "122": "20 30 40 50 61 62 63 64 81",
    "123": "10 20 30 40 50 82",
    "130": "10 20 30 40 81 96",
    "140": "10 15 20 21 22 30 31 32 40 50 81",
    "151": "10 11 12 13 14 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 "
           "35 36 37 40 42 43 44 50 51 52 53 54 55 56 60 61 62 63 64 70 80 85 90 96",
    "152": "10 20 30 40 50 61",
    "160": "10 11 12 13 14 15 20 30 40 50 61 62 63 64 65 66 70 80",
    "210": "10 11 12 13 20 21 22 23 24 30 40 50 61 81",
    "220": "10 11 12 13 20 30 40",
    "230": "10 20 30 40 50 61 62 63 64 65 66 67 68 69 70 81 82",
    "231": "10 11 12 81 82 83",
    "232": "10 20 30 31 32 40 50 60 70",
    "233": "10 20 30 40 50 60",
    "234": "10",
    "235": "10",
    "236": "10 20 30 31 40 41 42",
    "240": "10 20 30 40 50 81",
    "250": "10 20 30 40",
    "311": "10 20 30 40 50 61 62 63 64 65 66 81 82 91 92 93 94 95",
    "312": "10 20 61 81 82 91",
    "313": "10 20 81 82 91",
    "321": "10 20 30 40 61 62 63 64 65 66 67 68 69 70 71 72 73 74 82",
    "322": "10 20 61 62 63 64 65 66 67 68",
    "323": "10",
    "331": "10 20 30 40 50 81",
    "332": "10",
    "410": "10 20 30 40 50 81 82",
    "430": "10 30 31 32 40 41 42 50 60 71 72 73 81 82",
    "510": "10",
    "520": "10",
    "530": "30 40",
    "600": "10 20 30 40 61 62 63",
    "720": "10 11 12 40 50",
    "730": "10",
    "740": "10 20",
    "910": "10",
    "920": "10 20 30",
    "930": "10 11 12 13 14 15 16 17 18",
    "998": "10 20",
}

SECTORS = {
    category + last: Text("{category} · {code}", category=SECTOR_CATEGORIES[category], code=category + last)
    for category, lasts in _CODES.items()
    for last in lasts.split()
}
