"""Codes about organisations, projects, places and contacts; knows no record."""

from i18n import Text

# ISO 3166-2, in the order people of the network name them.
REGIONS = {
    "DJ-AS": Text("Ali Sabieh"),
    "DJ-AR": Text("Arta"),
    "DJ-DI": Text("Dikhil"),
    "DJ-OB": Text("Obock"),
    "DJ-TA": Text("Tadjourah"),
    "DJ-DJ": Text("Djibouti city"),
}

ORGANISATION_TYPES = {
    "association": Text("Association"),
    "cooperative": Text("Cooperative"),
    "federation": Text("Federation or network"),
    "foundation": Text("Foundation"),
    "women_group": Text("Women’s group"),
    "youth_group": Text("Youth group"),
    "international_ngo": Text("International NGO"),
    "public_body": Text("Public body"),
    "university": Text("University or research centre"),
    "international_body": Text("United Nations or international body"),
    "company": Text("Company"),
    "other": Text("Other"),
}

# How somebody made sure that an organisation is what its record says.
VERIFIED_HOW = {
    "document": Text("Document seen"),
    "visit": Text("Visit"),
    "phone": Text("Phone call"),
    "declaration": Text("Its own declaration"),
}

STATUSES = {
    "idea": Text("Idea"),
    "planned": Text("Planned"),
    "active": Text("Under way"),
    "finished": Text("Finished"),
    "suspended": Text("Suspended"),
    "cancelled": Text("Cancelled"),
}

PLACE_TYPES = {
    "region": Text("Region"),
    "locality": Text("Locality"),
    "digital_space": Text("Community digital space"),
    "office": Text("Office"),
    "other": Text("Other"),
}

SERVICES = {
    "internet": Text("Internet access"),
    "computers": Text("Computers to use"),
    "printing": Text("Printing"),
    "scanning": Text("Scanning and copies"),
    "training": Text("Training sessions"),
    "help": Text("Help from a facilitator"),
    "meeting_room": Text("Meeting room"),
    "charging": Text("Phone charging"),
    "loan": Text("Equipment loan"),
    "other": Text("Other"),
}

EQUIPMENT = {
    "computer": Text("Computer"),
    "tablet": Text("Tablet"),
    "printer": Text("Printer"),
    "scanner": Text("Scanner"),
    "projector": Text("Projector"),
    "wifi": Text("Wi-Fi"),
    "fibre": Text("Fibre connection"),
    "adsl": Text("ADSL connection"),
    "mobile_network": Text("Mobile connection (3G, 4G)"),
    "satellite": Text("Satellite connection"),
    "solar": Text("Solar panels"),
    "generator": Text("Generator"),
    "other": Text("Other"),
}

# Who may see a contact, as the person concerned said it: each is the scope that the contact stands in.
CONSENTS = {
    "moderator": Text("The secretariat of the network alone"),
    "network": Text("Members of the network"),
    "public": Text("Everybody"),
}
