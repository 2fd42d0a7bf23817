"""How each receiver of the IATI file is named, checked one by one; knows nothing else.

The source joins a name and its acronym with a star, or puts a translation in brackets: these are
taken apart here, and nothing is added. A region stands only where the name itself says the place
(Boulaos, Balbala and PK 12 are in Djibouti city). Two spellings that may be one association
(Caritas; the association cut to "a bes") stay two entries: only people may join them.
"""

from typing import Any

NAMES: dict[str, dict[str, Any]] = {
    "ASSOCIATION DE LA NOUVELLE GENERATION": {
        "name": {"fr": "ASSOCIATION DE LA NOUVELLE GENERATION"},
    },
    "Association Agricole De Toha*Aat": {
        "name": {"fr": "Association Agricole De Toha"},
        "acronym": "AAT",
    },
    "Association Communautaire Du Village D'Ardo*Acva": {
        "name": {"fr": "Association Communautaire Du Village D'Ardo"},
        "acronym": "ACVA",
    },
    "Association Des Femmes De Tadjourah*Aft": {
        "name": {"fr": "Association Des Femmes De Tadjourah"},
        "acronym": "AFT",
        "region": "DJ-TA",
    },
    "Association Des Journalites De L'Afrique De L'Est*Eaja Eastern Africajournalist Association": {
        "name": {"fr": "Association Des Journalites De L'Afrique De L'Est"},
        "acronym": "EAJA",
        "aliases": ["Eastern Africajournalist Association"],
    },
    "Association Des Nomades Du Plateaud'Aila Adou Pour Le Developpement*Anpad Association Des"
    " Nomades Du Plateau D Aylaadou Pour Le Developpeme": {
        "name": {"fr": "Association Des Nomades Du Plateaud'Aila Adou Pour Le Developpement"},
        "acronym": "ANPAD",
        "aliases": ["Association Des Nomades Du Plateau D Aylaadou Pour Le Developpeme"],
    },
    "Association Destin des Jeunes de Damerjog": {
        "name": {"fr": "Association Destin des Jeunes de Damerjog"},
        "region": "DJ-AR",
    },
    "Association Djibouti Nature*Connect People And Nature As One Birdlifeinternational Affiliate": {
        "name": {"fr": "Association Djibouti Nature"},
        "aliases": ["Connect People And Nature As One Birdlifeinternational Affiliate"],
    },
    "Association Djiboutienne Pour L'Equilibre Et La Promotion De La Famille*Adepf": {
        "name": {"fr": "Association Djiboutienne Pour L'Equilibre Et La Promotion De La Famille"},
        "acronym": "ADEPF",
    },
    "Association Ecologie Du Village*Eva": {
        "name": {"fr": "Association Ecologie Du Village"},
        "acronym": "EVA",
    },
    "Association Mouhbani*": {"name": {"fr": "Association Mouhbani"}},
    "Association Organisation De Benderdjedid Pour Le Developpement Socio-Economique*": {
        "name": {
            "fr": "Association Organisation De Benderdjedid Pour Le Developpement Socio-Economique"
        },
    },
    "Association Paix Et Lait*": {"name": {"fr": "Association Paix Et Lait"}},
    "Association Toha": {"name": {"fr": "Association Toha"}},
    "Association de Developpement et Protection de l'Enfant a Besoin": {
        "name": {"fr": "Association de Developpement et Protection de l'Enfant a Besoin"},
    },
    "Association de Developpement et Protection de l'Enfant a bes": {
        "name": {"fr": "Association de Developpement et Protection de l'Enfant a bes"},
    },
    "Association de Développement pour l’Avenir des Jeunes (ADAJ)": {
        "name": {"fr": "Association de Développement pour l’Avenir des Jeunes"},
        "acronym": "ADAJ",
    },
    "Association des Eleveurs de Gobaad": {"name": {"fr": "Association des Eleveurs de Gobaad"}},
    "Association des Femmes Filiwa": {"name": {"fr": "Association des Femmes Filiwa"}},
    "Association des Femmes Kalgaal": {"name": {"fr": "Association des Femmes Kalgaal"}},
    "Association des jeunes pour le développement d'Obock": {
        "name": {"fr": "Association des jeunes pour le développement d'Obock"},
        "region": "DJ-OB",
    },
    "Association pour le Développement intégré de Région de Dougoum": {
        "name": {"fr": "Association pour le Développement intégré de Région de Dougoum"},
    },
    "Association pour le Renforcement de la Capacité Socio-Economique de PK 12": {
        "name": {"fr": "Association pour le Renforcement de la Capacité Socio-Economique de PK 12"},
        "region": "DJ-DJ",
    },
    "Association to Promote Artisanal Work and Fight Against Idleness (Association de la Promotion"
    " du Travail Artisanal et de Lutte Contre l'Oisiveté)": {
        "name": {
            "fr": "Association de la Promotion du Travail Artisanal et de Lutte Contre l'Oisiveté",
            "en": "Association to Promote Artisanal Work and Fight Against Idleness",
        },
    },
    "CARITAS DE DJIBOUTI": {"name": {"fr": "CARITAS DE DJIBOUTI"}},
    "Caritas Djibouti": {"name": {"fr": "Caritas Djibouti"}},
    "L'association Diffu (Association Light)": {
        "name": {"fr": "L'association Diffu", "en": "Association Light"},
    },
    "Reseau des Femmes Actives de Djibouti Boulaos (Network of Active Women in Boulaos Djibouti)": {
        "name": {
            "fr": "Reseau des Femmes Actives de Djibouti Boulaos",
            "en": "Network of Active Women in Boulaos Djibouti",
        },
        "region": "DJ-DJ",
    },
    "Strategic Initiative For Women In The Horn Of Africa(Siha)*": {
        "name": {"en": "Strategic Initiative For Women In The Horn Of Africa"},
        "acronym": "SIHA",
    },
    "The Women of Balbala Training Centre ": {
        "name": {"en": "The Women of Balbala Training Centre"},
        "region": "DJ-DJ",
    },
    "Union Nationale des Femmes Djiboutiennes (UNFD)": {
        "name": {"fr": "Union Nationale des Femmes Djiboutiennes"},
        "acronym": "UNFD",
    },
}
