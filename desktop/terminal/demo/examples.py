"""Organisations and digital spaces that do not exist, so that people may practise on them; each says so in its name."""

from __future__ import annotations

from typing import Any

_SOURCE = "Exemple pour la démonstration / مثال للعرض التوضيحي"
_HOURS = dict.fromkeys(("sun", "mon", "tue", "wed", "thu"), "08:00-12:00,16:00-19:00")

FISHERS = "pecheuses-obock"
SCHOOL = "ecole-tadjourah"

# (key, kind, values). Phone numbers end in 00 0x: nobody answers there.
EXAMPLES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    (FISHERS, "organisation", {
        "name": {"fr": "Association des pêcheuses d’Obock (exemple)", "ar": "جمعية صيادات أوبوك (مثال)"},
        "type": "women_group", "region": "DJ-OB", "locality": "Obock", "domains": ["agriculture_fishing", "economy", "women"],
        "publics": ["women"], "languages": ["aa", "fr"], "phone": "+253 27 00 00 01", "founded": "2016", "source": _SOURCE}),
    (SCHOOL, "organisation", {
        "name": {"fr": "Une école pour tous, Tadjourah (exemple)", "ar": "مدرسة للجميع، تاجورة (مثال)"},
        "type": "association", "region": "DJ-TA", "locality": "Tadjourah", "domains": ["education", "youth"],
        "publics": ["children", "youth"], "languages": ["aa", "fr"], "phone": "+253 27 00 00 02", "founded": "2019", "source": _SOURCE}),
    ("eau-dikhil", "organisation", {
        "name": {"fr": "L’eau du village, Dikhil (exemple)", "ar": "ماء القرية، دخيل (مثال)"},
        "type": "association", "region": "DJ-DI", "locality": "Dikhil", "domains": ["water", "health"],
        "publics": ["rural"], "languages": ["aa", "fr", "so"], "phone": "+253 27 00 00 03", "source": _SOURCE}),
    ("arbres-arta", "organisation", {
        "name": {"fr": "Les arbres d’Arta (exemple)", "ar": "أشجار عرتا (مثال)"},
        "type": "cooperative", "region": "DJ-AR", "locality": "Arta", "domains": ["environment", "economy"],
        "publics": ["everyone"], "languages": ["fr", "so"], "phone": "+253 27 00 00 04", "source": _SOURCE}),
    ("radio-ali-sabieh", "organisation", {
        "name": {"fr": "Jeunes en ondes, Ali Sabieh (exemple)", "ar": "شباب على الهواء، علي صبيح (مثال)"},
        "type": "youth_group", "region": "DJ-AS", "locality": "Ali Sabieh", "domains": ["culture", "digital", "youth"],
        "publics": ["youth"], "languages": ["fr", "so"], "phone": "+253 27 00 00 05", "source": _SOURCE}),
    ("espace-obock", "place", {
        "type": "digital_space", "name": {"fr": "Espace numérique d’Obock (exemple)", "ar": "الفضاء الرقمي في أوبوك (مثال)"},
        "region": "DJ-OB", "locality": "Obock", "latitude": "11.9634", "longitude": "43.2885", "hours": _HOURS,
        "services": ["computers", "internet", "printing", "training"], "equipment": ["computer", "mobile_network", "printer"], "source": _SOURCE}),
    ("espace-tadjourah", "place", {
        "type": "digital_space", "name": {"fr": "Espace numérique de Tadjourah (exemple)", "ar": "الفضاء الرقمي في تاجورة (مثال)"},
        "region": "DJ-TA", "locality": "Tadjourah", "latitude": "11.7852", "longitude": "42.8828", "hours": _HOURS,
        "services": ["computers", "help", "internet", "meeting_room"], "equipment": ["computer", "projector", "wifi"], "source": _SOURCE}),
    ("espace-dikhil", "place", {
        "type": "digital_space", "name": {"fr": "Espace numérique de Dikhil (exemple)", "ar": "الفضاء الرقمي في دخيل (مثال)"},
        "region": "DJ-DI", "locality": "Dikhil", "latitude": "11.1065", "longitude": "42.3739", "hours": _HOURS,
        "services": ["charging", "computers", "internet", "training"], "equipment": ["computer", "projector", "solar"], "source": _SOURCE}),
)
