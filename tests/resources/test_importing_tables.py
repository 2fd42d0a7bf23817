"""Tables as people keep them: by field names, with Excel's habits, and with every mistake named by its row."""

from pathlib import Path

import openpyxl
import pytest

from resources.formats.spreadsheet import undo_escape
from resources.importing import Imported, import_into
from sync.errors import Failure
from tests.resources.in_memory import Memory


def take(folder: Path, text: str, name: str = "liste.csv", encoding: str = "utf-8") -> tuple[Memory, Imported]:
    memory = Memory()
    (folder / name).write_bytes(text.encode(encoding))
    return memory, import_into(memory, folder / name)


def only(memory: Memory, kind: str = "organisation") -> dict:
    (record,) = memory.records(kind)
    return dict(record)


def test_what_the_importer_may_not_write_is_left_out_and_counted(tmp_path: Path) -> None:
    """The server would refuse the whole record for the sake of a mark."""
    (tmp_path / "liste.csv").write_text("name.fr,region,verified,verified_how\nA,DJ-OB,2026-01-01,visit\nB,DJ-AS,,\n", "utf-8")
    memory, closed = Memory(), {"organisation": ("verified", "verified_how")}
    done = import_into(memory, tmp_path / "liste.csv", closed=closed)
    assert (done.added, done.left_out) == (2, 1)
    assert all(one["verified"] is None for one in memory.records("organisation"))
    assert import_into(memory, tmp_path / "liste.csv", closed=closed).unchanged == 2
    assert import_into(memory, tmp_path / "liste.csv").updated == 1
    assert import_into(memory, tmp_path / "liste.csv", closed=closed).left_out == 0  # it says what is there


def test_a_plain_table(tmp_path: Path) -> None:
    memory, done = take(tmp_path, "name.fr,name.ar,region,domains,phone\nEau pour tous,الماء للجميع,DJ-OB,water;health,+253 77 12 34 56\n")
    assert done.added == 1
    assert done.rejected == []
    assert only(memory) == {"name": {"fr": "Eau pour tous", "ar": "الماء للجميع"}, "region": "DJ-OB",
                            "domains": ["health", "water"], "phone": "+253 77 12 34 56"}


@pytest.mark.parametrize(("text", "encoding"), [
    ("\ufeffname.fr;phone\nAssociation d’Ali Sabieh à l’école;'+253 77 12 34 56\n", "utf-8"),
    ('name.fr;phone\r\nAssociation d’Ali Sabieh à l’école;="+253 77 12 34 56"\r\n', "cp1252"),
    ("name.fr\tphone\nAssociation d’Ali Sabieh à l’école\t+253 77 12 34 56\n", "utf-16"),
])
def test_as_excel_writes_it(tmp_path: Path, text: str, encoding: str) -> None:
    if encoding == "cp1252":
        text = text.replace('="+253 77 12 34 56"', '"=""+253 77 12 34 56"""')
    memory, done = take(tmp_path, text, encoding=encoding)
    assert done.rejected == []
    assert only(memory) == {"name": {"fr": "Association d’Ali Sabieh à l’école"}, "phone": "+253 77 12 34 56"}


@pytest.mark.parametrize(("cell", "meant"), [("'+253", "+253"), ("'=1+1", "=1+1"), ("'@nom", "@nom"), ('="+253"', "+253"),
                                             ("'aboudi", "'aboudi"), ("l'eau", "l'eau"), ("-5", "-5"), ("'", "'")])
def test_escapes_against_formulas_are_undone(cell: str, meant: str) -> None:
    assert undo_escape(cell) == meant


def test_names_of_codes_money_dates_and_a_language_told_by_the_script(tmp_path: Path) -> None:
    memory, done = take(tmp_path, "title,region,domains,amount,start,status\nPuits à Randa,tadjourah,water,2 500 000 DJF,17/05/2019,active\n"
                                  "مشروع الماء,DJ-OB,,,,\n")
    assert done.rejected == []
    first, second = (dict(record) for record in memory.records("project"))
    assert first == {"title": {"fr": "Puits à Randa"}, "region": "DJ-TA", "domains": ["water"], "start": "2019-05-17",
                     "amount": {"amount": "2500000", "currency": "DJF"}, "status": "active"}
    assert second["title"] == {"ar": "مشروع الماء"}


def test_an_id_updates_and_an_empty_cell_changes_nothing(tmp_path: Path) -> None:
    memory, _ = take(tmp_path, "name.fr,phone,note\nEau,77123456,vieux\n")
    (record,) = memory.records("organisation")
    (tmp_path / "neuf.csv").write_text(f"id,name.fr,phone,note\n{record.id},Eau,,neuf\n")
    done = import_into(memory, tmp_path / "neuf.csv")
    assert (done.added, done.updated) == (0, 1)
    assert memory.get("organisation", record.id)["note"] == "neuf"
    assert memory.get("organisation", record.id)["phone"] == "77123456"
    assert import_into(memory, tmp_path / "neuf.csv").unchanged == 1


def test_a_table_without_ids_a_second_time_adds_nothing(tmp_path: Path) -> None:
    memory, done = take(tmp_path, "name.fr,region\nEau,DJ-OB\nEau,DJ-TA\nÉcole,DJ-OB\n")
    assert done.added == 3
    assert import_into(memory, tmp_path / "liste.csv").added == 0


def test_every_rejected_row_says_where_and_why(tmp_path: Path) -> None:
    rows = ["name.fr,region,phone,colour", "Bon,DJ-OB,77123456,bleu", "Mauvaise région,FR-75,,", "Téléphone,,appelez-moi,", ",DJ-OB,,",
            "bon,DJ-OB,,", "=HYPERLINK(1),,,", "x" * 100_000 + ",,,"]
    memory, done = take(tmp_path, "\n".join(rows) + "\n")
    assert [(one.file.name, one.row) for one in done.rejected] == [("liste.csv", row) for row in (1, 3, 4, 6, 7, 8, 5)]
    reasons = {one.row: str(one.reason) for one in done.rejected}
    assert "colour" in reasons[1]
    assert "FR-75" in reasons[3]
    assert "+253" in reasons[4]
    assert "name" in reasons[5]
    assert "2" in reasons[6]
    assert done.added == 1
    assert len(memory.values) == 1


def test_invisible_characters_are_cleaned_away(tmp_path: Path) -> None:
    memory, done = take(tmp_path, "name.fr\nAsso\u202eciation\u200b \x07Eau\n")
    assert done.rejected == []
    assert only(memory)["name"] == {"fr": "Association Eau"}


@pytest.mark.parametrize(("name", "content"), [
    ("faux.xlsx", b"ceci n'est pas un classeur"),
    ("colonnes.csv", b"couleur,taille\nbleu,3\n"),
    ("binaire.csv", b"\x00\x01\x02" * 100),
    ("vide.csv", b""),
    ("casse.json", b'[{"story": "1", '),
    ("autre.txt", b"bonjour"),
    ("casse.geojson.json", b"[1, 2"),
    ("trop.csv", b'name.fr\n"' + b"x" * 200_000 + b'"\n'),
])
def test_a_file_that_cannot_be_read_says_so_in_a_sentence(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Failure) as caught:
        import_into(Memory(), tmp_path / name)
    assert name in str(caught.value)
    assert caught.value.code in ("damaged", "invalid", "not_found")


def test_one_broken_file_of_a_folder_stops_no_other(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("name.fr\nEau\n")
    (tmp_path / "b.xlsx").write_bytes(b"PK\x03\x04 broken")
    (tmp_path / "c.geojson").write_text('{"type": "Feature", ')
    (tmp_path / "d.csv").write_text("name,type\nne pas prendre,text\n")  # somebody's other list
    memory = Memory()
    done = import_into(memory, tmp_path)
    assert done.added == 1
    assert {one.file.name for one in done.rejected} == {"b.xlsx", "c.geojson"}


def test_a_workbook_with_numbers_dates_and_a_formula(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append(["name.fr", "phone", "founded", "note"])
    book.active.append(["Eau", 77123456, 2019, "=1+1"])
    book.save(tmp_path / "liste.xlsx")
    memory = Memory()
    done = import_into(memory, tmp_path / "liste.xlsx")
    assert done.rejected == []
    assert only(memory) == {"name": {"fr": "Eau"}, "phone": "77123456", "founded": "2019"}  # a formula never calculated has no result


def test_an_activity_row_without_amount_is_named_and_the_others_stand(tmp_path: Path) -> None:
    header = ("IATI Identifier,Title,Reporting Organisation,Provider Organisation,Receiver Organisation,"
              "Transaction Type,Sector,Calendar Year,Value (USD)")
    row = "XM-1,Eau à Randa,Donor [XM-DAC-1],Donor [XM-DAC-1],Somebody,3 - Disbursement,14030 - Water,2020,"
    memory, done = take(tmp_path, f"{header}\n{row}\n{row}12.5\n{row}NaN\n")
    assert [one.row for one in done.rejected] == [2, 4]
    assert done.added == 2
    assert only(memory, "project")["amount"] == {"amount": "12.50", "currency": "USD"}
    assert only(memory, "project")["partner_names"] == ["Somebody"]


def test_an_import_can_be_stopped(tmp_path: Path) -> None:
    (tmp_path / "liste.csv").write_text("name.fr\n" + "".join(f"Association {n}\n" for n in range(1200)))
    memory = Memory()
    with pytest.raises(Failure) as caught:
        import_into(memory, tmp_path / "liste.csv", progress=lambda done, file: done < 500)
    assert caught.value.code == "cancelled"
    assert len(memory.values) == 500


def test_a_named_kind_and_an_unknown_one(tmp_path: Path) -> None:
    (tmp_path / "liste.csv").write_text("name.fr,type\nCentre,digital_space\n")
    memory = Memory()
    assert import_into(memory, tmp_path / "liste.csv", as_format="place").added_by_kind == {"place": 1}
    with pytest.raises(Failure) as caught:
        import_into(memory, tmp_path / "liste.csv", as_format="pdf")
    assert caught.value.code == "invalid"


def test_a_contact_goes_where_its_person_agreed_and_nowhere_without_consent(tmp_path: Path) -> None:
    owner = "01890000-0000-7000-8000-000000000001"
    memory, done = take(tmp_path, "organisation,name,role,phone,consent,consent_date\n"
                                  f"{owner},Amina,Présidente,77123456,public,2026-01-02\n"
                                  f"{owner},Hassan,Trésorier,77123457,network,2026-01-02\n"
                                  f"{owner},Fatouma,Secrétaire,77123458,,\n")
    assert {contact["name"]: memory.scopes[contact.id] for contact in memory.records("contact")} == {"Amina": "public", "Hassan": "network"}
    assert [one.row for one in done.rejected] == [4]
