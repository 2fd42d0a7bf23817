"""`python -m desktop.kit.gallery OUT_DIR`: pictures of every part of the kit and of the frame, to be looked at.

For those who build the kit. The words are samples in two languages, not part of the app's catalogue.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.kit import theme
from desktop.kit.banner import Banner, Notices
from desktop.kit.buttons import Segments, button, icon_button
from desktop.kit.cards import ActionCard, Door, column, row
from desktop.kit.chips import ChipRow, Pill
from desktop.kit.forms import (
    Choice,
    Codes,
    Facts,
    Field,
    Form,
    Line,
    LongText,
    Money,
    Option,
    PartialDate,
    Reference,
    Section,
    Switch,
    Texts,
    Words,
)
from desktop.kit.horn import ABROAD
from desktop.kit.lists import Mark, Row, RowList
from desktop.kit.map import MapPoint, MapView, Region
from desktop.kit.states import States
from desktop.kit.text import Label, Paragraph
from i18n import language

__all__ = ["form", "main", "map_view", "parts", "rows", "said", "shoot"]


def said(french: str, arabic: str) -> str:
    """The sample in the language of the picture."""
    return arabic if language() == "ar" else french


def rows(count: int) -> list[Row]:
    """Sample rows: short and very long names, in one script or two, each kind of mark."""
    names = [
        (said("Association des femmes d’Obock", "جمعية نساء أوبوك"), said("جمعية نساء أوبوك", "Association des femmes d’Obock")),
        ("Caritas Djibouti", ""),
        (said(
            "Association pour le développement intégré et la protection de l’environnement marin de Tadjourah",
            "جمعية التنمية المتكاملة وحماية البيئة البحرية في تاجورة والمناطق المجاورة لها",
        ), "ADIPEM"),
        (said("Jeunesse de Dikhil pour l’eau", "شباب دخيل من أجل الماء"), said("شباب دخيل من أجل الماء", "Jeunesse de Dikhil pour l’eau")),
    ]
    marks = [
        Mark(said("vérifiée il y a 3 mois", "تم التحقق منها قبل 3 أشهر"), "good", "verified"),
        Mark(said("pas vérifiée depuis 2022", "لم يتم التحقق منها منذ 2022"), "attention", "clock"),
        None,
        Mark(said("attend l’envoi", "في انتظار الإرسال"), "accent", "waiting"),
    ]
    meta = said("Obock · éducation, santé · +253 77 12 34 56", "أوبوك · التعليم والصحة · +253 77 12 34 56")
    return [Row(str(n), *names[n % 4], meta, marks[n % 4], "") for n in range(count)]


def parts() -> QWidget:
    """Words, buttons, chips, banners, list, cards, an empty state."""
    page = QWidget()
    page.setObjectName("window")
    whole = row(page, margin=24, gap=24)
    first, second = column(gap=16), column(gap=16)
    whole.addLayout(first, 1)
    whole.addLayout(second, 1)
    first.addWidget(Label(said("Annuaire", "الدليل"), "page"))
    first.addWidget(Banner(
        said("Vous êtes hors ligne : votre travail est en sécurité ici.", "أنت غير متصل: عملك محفوظ هنا."),
        icon="offline", action=said("Voir", "عرض"), on_action=page.update,
    ))
    first.addWidget(Banner(said("Copie de 18 jours", "نسخة عمرها 18 يوماً"), tone="attention"))
    chips = ChipRow()
    chips.show_chips([("a", said("Obock · 12", "أوبوك · 12")), ("b", said("Environnement · 5", "البيئة · 5"))])
    first.addWidget(chips)
    views = [("list", said("Liste", "قائمة"), "list"), ("map", said("Carte", "خريطة"), "map")]
    first.addWidget(Segments(views, said("Vue", "العرض")), 0, Qt.AlignmentFlag.AlignLeading)
    listing = RowList(said("Associations", "الجمعيات"))
    listing.rows.set_rows(rows(1000))
    listing.choose("1")
    first.addWidget(listing, 1)
    second.addWidget(ActionCard(
        said("Un conflit à régler", "تعارض يحتاج إلى حل"),
        said("Le téléphone de Caritas Djibouti a été changé ici et à Dikhil.", "غُيّر هاتف كاريتاس جيبوتي هنا وفي دخيل."),
        said("Régler", "حل"), page.update, tone="attention", icon="conflict",
    ))
    doors = row(gap=16)
    doors.addWidget(Door("directory", said("Annuaire", "الدليل"), said("Trouver une association", "ابحث عن جمعية"), page.update))
    doors.addWidget(Door(
        "library", said("Bibliothèque", "المكتبة"), said("Lire un guide sans réseau, dans votre langue", "اقرأ دليلاً دون شبكة بلغتك"), page.update
    ))
    second.addLayout(doors)
    second.addWidget(Paragraph(said(
        "Un outil numérique n’aide qu’une organisation organisée. Ce texte court sur plusieurs lignes pour que l’on voie l’interligne.",
        "لا تفيد الأدوات الرقمية إلا منظمة منظَّمة. يمتد هذا النص على عدة أسطر لنرى المسافة بينها، وفيه الرقم +253 77 12 34 56 داخل الجملة.",
    )))
    second.addLayout(_buttons(page))
    second.addLayout(_pills())
    states = States(QWidget())
    states.show_empty(
        said("Aucune association ne correspond", "لا توجد جمعية مطابقة"),
        said("Essayez une autre orthographe ou enlevez un filtre.", "جرّب كتابة أخرى أو أزل أحد المرشحات."),
        said("Enlever les filtres", "إزالة المرشحات"), page.update, icon="search",
    )
    second.addWidget(states, 1)
    page.notices = Notices(page)
    page.notices.show(said("Association supprimée.", "حُذفت الجمعية."), said("Annuler", "تراجع"), page.update)
    return page


def _buttons(page: QWidget):
    line = row()
    for made in (
        button(said("Enregistrer", "حفظ"), page.update, kind="primary"),
        button(said("Modifier", "تعديل"), page.update, icon="edit"),
        button(said("Voir tout", "عرض الكل"), page.update, kind="quiet", icon="go"),
        button(said("Supprimer", "حذف"), page.update, kind="danger", icon="delete"),
        icon_button("more", said("Autres actions", "إجراءات أخرى"), page.update),
    ):
        line.addWidget(made)
    line.addStretch(1)
    return line


def _pills():
    line = row()
    for words, tone, icon in (
        (said("vérifiée", "متحقق منها"), "good", "verified"), (said("ancienne", "قديمة"), "attention", "clock"),
        (said("refusée", "مرفوضة"), "problem", "refused"), (said("sur ce PC", "على هذا الحاسوب"), "accent", "computer"),
        ("PDF", "muted", "file_pdf"),
    ):
        line.addWidget(Pill(words, tone, icon))
    line.addStretch(1)
    return line


def form() -> QWidget:
    """Every kind of field, one of them wrong."""
    domains = ["Éducation", "Santé", "Environnement", "Eau", "Femmes", "Jeunesse", "Culture"]
    arabic = ["التعليم", "الصحة", "البيئة", "الماء", "النساء", "الشباب", "الثقافة"]
    shown = arabic if language() == "ar" else domains
    fields = [
        Field("name", said("Nom", "الاسم"), Texts(), said("Comme sur le récépissé.", "كما في وصل التسجيل."), required=True),
        Field("acronym", said("Sigle", "الاختصار")),
        Field("region", said("Région", "المنطقة"), Choice([Option("DJ-OB", said("Obock", "أوبوك"))], empty="—")),
        Section(said("Ce qu’elle fait", "ماذا تفعل")),
        Field("domains", said("Domaines", "المجالات"), Codes([Option(str(n), words) for n, words in enumerate(shown)])),
        Field("aliases", said("Autres noms", "أسماء أخرى"), Words()),
        Field("phone", said("Téléphone", "الهاتف"), Line(ltr=True)),
        Field("founded", said("Fondée en", "تأسست في"), PartialDate()),
        Field("budget", said("Budget annuel", "الميزانية السنوية"), Money()),
        Field("facts", said("Faits", "حقائق"), Facts((
            ("text", said("Fait", "الحقيقة"), 3), ("date", said("Date", "التاريخ"), 1), ("source", said("Source", "المصدر"), 2),
        ))),
        Field("partner", said("Partenaire", "الشريك"), Reference(search=_no_one, label_of=str.title)),
        Field("note", said("Note", "ملاحظة"), LongText(3)),
        Field("open", said("Accord", "الموافقة"), Switch(said("La personne accepte que ce numéro soit public", "يوافق الشخص على نشر الرقم"))),
    ]
    values = {
        "name": {"fr": "Association des femmes d’Obock", "ar": "جمعية نساء أوبوك"}, "domains": ["0", "3"],
        "aliases": ["AFO", "Femmes d’Obock"], "phone": "+253 77 12 34 567", "founded": "2019-05",
        "budget": {"amount": "2500000", "currency": "DJF"}, "partner": "caritas djibouti", "open": True,
        "facts": [{"text": said("Récépissé n° 12", "وصل رقم 12"), "date": "2019", "source": "MIN"}],
    }
    made = Form(said("Modifier l’association", "تعديل الجمعية"), fields, values)
    made.setObjectName("window")
    made.show_problems({"phone": said("Ce numéro a un chiffre de trop.", "في هذا الرقم خانة زائدة.")})
    return made


def _no_one(text: str, deliver: Callable) -> None:
    deliver([])


def map_view() -> QWidget:
    """Six rough regions, drawn for this picture only."""
    view = MapView(said("Carte des régions", "خريطة المناطق"))
    names = [
        ("OB", said("Obock", "أوبوك"), 15, [(42.5, 12.45), (43.1, 12.7), (43.35, 12.3), (43.3, 11.95), (42.95, 11.8)]),
        ("TA", said("Tadjourah", "تاجورة"), 27, [(42.5, 12.45), (42.95, 11.8), (42.55, 11.6), (41.9, 11.75), (42.35, 12.5)]),
        ("DI", said("Dikhil", "دخيل"), 18, [(41.9, 11.75), (42.35, 11.55), (42.55, 11.05), (41.8, 10.95)]),
        ("AR", said("Arta", "عرتا"), 12, [(42.35, 11.55), (42.6, 11.55), (43.0, 11.58), (43.2, 11.45), (42.6, 11.2)]),
        ("AS", said("Ali Sabieh", "علي صبيح"), 30, [(42.55, 11.05), (42.6, 11.2), (43.15, 11.35), (42.95, 10.98)]),
        ("DJ", said("Djibouti", "جيبوتي"), 128, [(43.0, 11.6), (43.16, 11.6), (43.15, 11.5), (43.05, 11.5)]),
    ]
    towns = [MapPoint("t", said("Tadjourah", "تاجورة"), 42.88, 11.79, 1), MapPoint("o", said("Obock", "أوبوك"), 43.29, 11.96, 1)]
    view.show_map([Region(key, name, [ring], count) for key, name, count, ring in names], towns, ABROAD)
    view.choose("OB")
    return view


def shoot(widget: QWidget, path: Path, size: tuple[int, int]) -> None:
    """Draw `widget` at `size` into a PNG."""
    widget.resize(*size)
    widget.show()
    QApplication.processEvents()
    QApplication.processEvents()
    widget.grab().save(str(path))
    widget.close()
    widget.deleteLater()
    QApplication.processEvents()


def main(folder: Path) -> None:
    """All pictures, in French and Arabic, light, dark and in high contrast."""
    from desktop.shell import gallery as frame  # the frame is built of the kit; only this command looks up at it
    from desktop.shell.look import apply_look
    from desktop.shell.preferences import Choices

    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    for code in ("fr", "ar"):
        for name in ("light", "dark", "contrast"):
            apply_look(app, Choices(language=code, theme=name))
            for part, make in (("parts", parts), ("form", form), ("map", map_view)):
                size = {"parts": (1280, 900), "form": (800, 1500), "map": (800, 640)}[part]
                shoot(make(), folder / f"{part}-{code}-{name}.png", size)
            frame.shoot_frame(folder, code, name)
    theme.apply(app, theme.Theme())


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1]))
