"""The commands there are and what each is for; knows no option and does nothing."""

from __future__ import annotations

from dataclasses import dataclass

from i18n import Text


@dataclass(frozen=True, slots=True)
class Command:
    """One command: where its function stands, its usage in one line, what it is for.

    `opens` tells whether it works on a person's workspace.
    """

    name: str
    module: str
    form: str
    purpose: Text
    opens: bool = True


_EDITING = "desktop.terminal.commands.editing"
_READING = "desktop.terminal.commands.reading"
_EXCHANGING = "desktop.terminal.commands.exchanging"
_SPENDING = "desktop.terminal.commands.spending"
_MEETING = "desktop.terminal.commands.meeting"
_DECIDING = "desktop.terminal.commands.deciding"
_CARRYING = "desktop.terminal.commands.carrying"
_BACKUP = "desktop.terminal.commands.backup"
_UNDOING = "desktop.terminal.commands.undoing"

COMMANDS = {
    one.name: one for one in (
        Command("search", _READING, "TEXT [--kind KIND] [--limit N]", Text("Find records by words, in any script")),
        Command("list", _READING, "KIND [--where FIELD=VALUE]… [--limit N]", Text("List records of a kind")),
        Command("show", _READING, "KIND ID", Text("Show one record")),
        Command("history", _READING, "KIND ID [--field FIELD] [--limit N]", Text("Show who wrote what in a record, and when")),
        Command("add", _EDITING, "KIND --set FIELD=VALUE…", Text("Add a record; prints its id")),
        Command("edit", _EDITING, "KIND ID --set FIELD=VALUE… [--add F=V] [--remove F=V] [--seen TOKEN]", Text("Change fields of a record")),
        Command("delete", _EDITING, "KIND ID", Text("Delete a record")),
        Command("undo", _UNDOING, "KIND ID CHANGE [--field FIELD] | --device DEVICE --since N [--scope SCOPE] [--list]",
                Text("Put back what stood before a change; for moderators, before a device’s work")),
        Command("attach", _EDITING, "KIND ID FILE", Text("Attach a file to a record")),
        Command("fetch", _EXCHANGING, "ID [--to PATH] [--anyway]", Text("Bring the file of a record onto this computer")),
        Command("join", _EXCHANGING, "URL [--code CODE] [--name PERSON] [--anyway]", Text("Join a network with an invitation code")),
        Command("second", "desktop.terminal.commands.second", "[CODE]", Text("Make another computer yours too: a code here, typed there")),
        Command("request", "desktop.terminal.commands.requesting", "[--name PERSON [--org NAME]]",
                Text("Ask to be let into the network, without Internet; prints the code for the secretariat")),
        Command("sync", _EXCHANGING, "[--via URL|FOLDER] [--estimate | --anyway]",
                Text("Exchange with the central server, a computer nearby, or a courier on a stick")),
        Command("traffic", _SPENDING, "[--month YYYY-MM]", Text("What was sent and received, by month and kind")),
        Command("courier", "desktop.terminal.commands.courier",
                "write|read|check PATH [--files all|none|ID…] [--starter] [--installer FILE|FOLDER] [--trust NETWORK]",
                Text("Carry records and files to another computer on a stick")),
        Command("backup", _BACKUP, "PATH [--files all|none] [--own]", Text("Copy your place on this computer to a stick or folder, encrypted")),
        Command("restore", _BACKUP, "PATH [--as PERSON] [--by-code]", Text("Take a backup back, on this computer or another one"), opens=False),
        Command("share", _MEETING, "[--port N] [--name NAME] [--hidden]", Text("Let computers nearby sync with this one, until stopped")),
        Command("nearby", _MEETING, "", Text("Find the computers nearby that share")),
        Command("status", _READING, "", Text("What waits, and how old this copy is")),
        Command("outbox", _DECIDING, "[cancel|resend CHANGE]", Text("What you saved and what became of it")),
        Command("conflicts", _DECIDING, "", Text("What waits for a person to choose")),
        Command("settle", _DECIDING, "ID --field FIELD (--keep N | --value VALUE)", Text("Settle a conflict")),
        Command("digest", _READING, "", Text("The fingerprint of the confirmed records")),
        Command("verify", _READING, "[--repair]", Text("Check that nothing in this copy is damaged or was altered")),
        Command("import", _CARRYING, "FILE [--as-format FORMAT]", Text("Take in a file or a folder")),
        Command("export", _CARRYING, "FORMAT PATH [--kind KIND]", Text("Write records to a file: jsonl, csv or hsds")),
        Command("people", "desktop.terminal.commands.people", "[add NAME | lock | recover NAME | remove NAME] [--own | --computer] [--unsent-too]",
                Text("Who has a place on this computer, and what opens it"), opens=False),
        Command("demo", "desktop.terminal.demo", "[--data FOLDER]",
                Text("A server with sample data on this computer, and the app joined to it"), opens=False),
    )
}
