"""What a reader says when a file cannot be shown: one sentence of what is wrong and what to do; draws nothing."""

from i18n import Text


class Trouble(Exception):
    """A file that cannot be shown; `text` is the sentence for the person."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def vanished() -> Trouble:
    return Trouble(Text("The file is no longer where it was. Fetch it again, or plug its disk or key back in."))


def unreadable() -> Trouble:
    return Trouble(Text("This computer does not let the file be read. Ask whoever looks after it, or fetch the file again."))


def damaged() -> Trouble:
    return Trouble(Text("The file is damaged or incomplete. Fetch it again, or ask for another copy."))


def unknown() -> Trouble:
    return Trouble(Text("This kind of file does not open here. Save it elsewhere and open it with its own program."))


def empty() -> Trouble:
    return Trouble(Text("The file is empty. Fetch it again, or ask for another copy."))


def too_large(megabytes: int, limit: int) -> Trouble:
    return Trouble(
        Text(
            "The file is too large to read here: {size} MB, and at most {limit} MB open. Ask for it in several parts.",
            size=megabytes,
            limit=limit,
        )
    )
