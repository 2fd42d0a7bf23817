"""What makes a translation well-formed: fields, plural forms, French and Arabic typography; knows no files."""

import re

from i18n.strings.shelf import PLURALS, Entry
from i18n.template import fields_of

# French sets a no-break space before these; not inside URLs, times, ratios or `key:value`.
_FRENCH_TIGHT = re.compile(r"(?<![\u00a0\u202f;:?!])[;:?!](?![\w/=])|(?<![\u00a0\u202f])»|«(?![\u00a0\u202f])")
_ARABIC_LATIN_MARK = re.compile(r"[\u0600-\u06ff]\s*[?;,]")

# Arabic says "one change", "two changes" and "no change" without a figure; French form 0 covers
# both 0 and 1 and must show which.
_FIGURE_MAY_GO = {"ar": {0, 1, 2}, "so": {0}, "aa": {0}}


def faults(language: str, msgid: str, entry: Entry) -> list[str]:
    """What is wrong with one translated message, in words; untranslated forms are not judged here."""
    where = f"{language} {msgid!r}"
    if not any(entry.forms):
        return []
    wanted = PLURALS[language][0] if entry.plural else 1
    if len(entry.forms) != wanted:
        return [f"{where}: {len(entry.forms)} forms, {language} needs {wanted}"]
    found = []
    fields = fields_of(msgid) | fields_of(entry.plural or "")
    for index, form in enumerate(entry.forms):
        if not form:
            found.append(f"{where}: form {index} is empty")
            continue
        found += [f"{where}: {fault}" for fault in _of_form(language, fields, form)]
        missing = fields - fields_of(form)
        if entry.plural and index in _FIGURE_MAY_GO.get(language, ()):
            missing -= {"n"}
        if missing:
            found.append(f"{where}: {{{', '.join(sorted(missing))}}} is missing in {form!r}")
        if (msgid[0].isspace(), msgid[-1].isspace()) != (form[0].isspace(), form[-1].isspace()):
            found.append(f"{where}: begins or ends with another space than the English")
    return found


def _of_form(language: str, fields: frozenset[str], form: str) -> list[str]:
    found = []
    unknown = fields_of(form) - fields
    if unknown:
        found.append(f"unknown field {{{', '.join(sorted(unknown))}}}")
    if stray_braces(form):
        found.append(f"braces do not make a field in {form!r}")
    if language == "fr":
        match = _FRENCH_TIGHT.search(form)
        if match:
            found.append(f"no-break space missing at {match[0]!r} in {form!r}")
        if "'" in form:
            found.append(f"straight apostrophe, write ’ in {form!r}")
    if language == "ar" and _ARABIC_LATIN_MARK.search(form):
        found.append(f"Latin punctuation, write ؟ ؛ ، in {form!r}")
    return found


def stray_braces(template: str) -> bool:
    """Whether braces are left that are neither a {field} nor doubled."""
    rest = re.sub(r"\{\{|\}\}|\{[A-Za-z_][A-Za-z0-9_]*\}", "", template)
    return "{" in rest or "}" in rest
