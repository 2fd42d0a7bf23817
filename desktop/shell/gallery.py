"""Pictures of the frame with sample pages; run by `python -m desktop.kit.gallery OUT_DIR`."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from desktop.kit.buttons import button
from desktop.kit.cards import ActionCard, Door, column, row, scrolled
from desktop.kit.gallery import form, map_view, rows, said, shoot
from desktop.kit.lists import RowList
from desktop.kit.tasks import InlineTasks
from desktop.kit.text import Label
from desktop.shell.feature import Command, Context, Events, Feature, Hit, PillState
from desktop.shell.preferences import Choices, Preferences
from desktop.shell.window import Shell
from i18n import Text

__all__ = ["sample_shell", "shoot_frame"]


def sample_shell(choices: Choices) -> Shell:
    """A frame with sample pages and no data behind it."""
    features = [
        Feature("home", Text("Home"), "home", 10, _home),
        Feature("directory", Text("Directory"), "directory", 20, _directory, _commands),
        Feature("library", Text("Library"), "library", 30, _library),
        Feature("sync_room", Text("Sync room"), "sync", 90, _directory),
    ]
    shell = Shell(
        features, workspace=None, tasks=InlineTasks(), preferences=Preferences(None, choices), events=Events(),
        search=_search, person=_person,
    )
    shell.show_pill(PillState("waiting", said("3 modifications attendent · copie de 18 jours", "3 تعديلات تنتظر · نسخة عمرها 18 يوماً")))
    return shell


def shoot_frame(folder: Path, code: str, theme: str) -> None:
    """Pages, palette, search and preferences, small and large."""
    choices = Choices(language=code, theme=theme)
    for size in ((1024, 768), (1600, 1000)):
        mark = f"{code}-{theme}-{size[0]}"
        for page in ("home", "directory", "library", "preferences", "shortcuts"):
            shell = sample_shell(choices)
            shell.navigate(page)
            shoot(shell, folder / f"shell-{page}-{mark}.png", size)
    for state in (
        PillState("current", said("À jour · il y a 3 min", "محدَّث · قبل 3 دقائق")),
        PillState("sending", said("Envoi… 12 de 40 Ko", "إرسال… 12 من 40 ك.ب"), done=12, total=40, on_stop=print),
        PillState("offline", said("Hors ligne : votre travail est en sécurité ici", "غير متصل: عملك محفوظ هنا")),
        PillState("refused", said("1 refus à lire", "رفض واحد للقراءة")),
    ):
        shell = sample_shell(choices)
        shell.show_pill(state)
        shoot(shell, folder / f"pill-{state.state}-{code}-{theme}.png", (1024, 300))
    for mode in ("palette", "search"):
        shell = sample_shell(choices)
        shell.resize(1024, 768)
        shell.show()
        QApplication.processEvents()
        if mode == "palette":
            shell.search_box.start_palette()
        else:
            shell.search_box.start_search()
            shell.search_box.setText(said("femmes", "نساء"))
            shell.search_box._on_wait_timeout()
        shoot(shell, folder / f"shell-{mode}-{code}-{theme}.png", (1024, 768))


def _person() -> str:
    return said("Amina Houmed", "أمينة حومد")


def _search(text: str) -> list[Hit]:
    return [Hit("directory", "organisation", row.id, row.title, row.other, row.meta, "organisation") for row in rows(4)]


def _commands(context: Context) -> list[Command]:
    return [Command("add", Text("Add"), context.events.sync_changed.emit, "Ctrl+N", "add")]


def _home(context: Context) -> QWidget:
    holder = QWidget()
    body = column(holder, margin=24, gap=16)
    body.addWidget(Label(said("Bonjour Amina", "مرحباً أمينة"), "page"))
    body.addWidget(ActionCard(
        said("Un conflit à régler", "تعارض يحتاج إلى حل"),
        said("Le téléphone de Caritas Djibouti a été changé ici et à Dikhil.", "غُيّر هاتف كاريتاس جيبوتي هنا وفي دخيل."),
        said("Régler", "حل"), context.events.sync_changed.emit, tone="attention", icon="conflict",
    ))
    body.addWidget(ActionCard(
        said("3 modifications attendent l’envoi", "3 تعديلات تنتظر الإرسال"),
        said("Elles sont enregistrées sur ce PC.", "وهي محفوظة على هذا الحاسوب."),
        said("Voir", "عرض"), context.events.sync_changed.emit, icon="waiting",
    ))
    doors = row(gap=16)
    for icon, title, text in (
        ("directory", said("Annuaire", "الدليل"), said("Trouver une association et ses projets", "ابحث عن جمعية ومشاريعها")),
        ("library", said("Bibliothèque", "المكتبة"), said("Lire un guide sans réseau, dans votre langue", "اقرأ دليلاً دون شبكة بلغتك")),
        ("add", said("Ajouter", "إضافة"), said("Inscrire une association qui manque", "سجّل جمعية غير موجودة")),
    ):
        doors.addWidget(Door(icon, title, text, context.events.sync_changed.emit))
    body.addLayout(doors)
    body.addStretch(1)
    page = QWidget()
    column(page).addWidget(scrolled(holder, name="x"))
    return page


def _directory(context: Context) -> QWidget:
    page = QWidget()
    whole = row(page, gap=0)
    side = column(gap=0)
    listing = RowList(said("Associations", "الجمعيات"))
    listing.rows.set_rows(rows(500))
    listing.choose("0")
    side.addWidget(listing)
    whole.addLayout(side, 2)
    right = QWidget()
    body = column(right, margin=24, gap=16)
    head = row()
    head.addWidget(Label(rows(1)[0].title, "page", wrap=True), 1)
    head.addWidget(button(said("Modifier", "تعديل"), context.events.sync_changed.emit, icon="edit"))
    body.addLayout(head)
    body.addWidget(map_view(), 1)
    whole.addWidget(right, 3)
    return page


def _library(context: Context) -> QWidget:
    return form()
