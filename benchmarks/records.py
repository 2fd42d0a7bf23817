"""Deterministic organisations of about 1 KB, in French and Arabic; knows no clock and no database."""

from __future__ import annotations

import random
from typing import Any

_FRENCH = ("Association", "Union", "Coopérative", "Collectif", "Groupement", "des femmes", "des pêcheurs", "des jeunes", "pour l’eau",
           "pour l’école", "du quartier", "d’Obock", "de Tadjourah", "de Dikhil", "d’Arta", "d’Ali Sabieh", "solidaire", "de santé")
_ARABIC = ("جمعية", "اتحاد", "تعاونية", "النساء", "الصيادين", "الشباب", "الماء", "المدرسة", "الحي", "أوبوك", "تاجورة", "دخيل", "عرتا")
_REGIONS = ("DJ-AR", "DJ-AS", "DJ-DI", "DJ-DJ", "DJ-OB", "DJ-TA")
_DOMAINS = ("education", "health", "water", "environment", "economy", "women", "youth", "culture")


def organisations(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """`count` organisations as whole values by field name."""
    dice = random.Random(seed)
    return [_organisation(dice, number) for number in range(count)]


def _organisation(dice: random.Random, number: int) -> dict[str, Any]:
    french = " ".join(dice.sample(_FRENCH, 3)) + f" {number}"
    phone = f"+253 77 {dice.randrange(100):02d} {dice.randrange(100):02d} {dice.randrange(100):02d}"
    return {
        "name": {"fr": french, "ar": " ".join(dice.sample(_ARABIC, 3)) + f" {number}"},
        "acronym": "".join(word[0] for word in french.split()).upper()[:8],
        "region": dice.choice(_REGIONS), "locality": f"Quartier {dice.randrange(60)}",
        "domains": sorted(dice.sample(_DOMAINS, 2)), "languages": ["aa", "fr"], "phone": phone,
        "email": f"contact{number}@exemple.dj", "website": f"https://exemple.dj/{number}", "founded": str(1980 + dice.randrange(46)),
        "address": " ".join(dice.choices(_FRENCH, k=6)),
        "description": {"fr": " ".join(dice.choices(_FRENCH, k=40)), "ar": " ".join(dice.choices(_ARABIC, k=30))},
        "note": " ".join(dice.choices(_FRENCH, k=12)),
    }
