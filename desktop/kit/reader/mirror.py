"""Table rows turned round for Arabic, because Qt lays columns out from the left whatever the direction; knows HTML only."""

import re

_SPAN = re.compile(r'colspan="(\d+)"')


def mirrored(pieces: list[str]) -> list[str]:
    """The pieces of a table's inside, one tag or text each, with the cells of every row in reverse order.

    Short rows are filled up first, so that their cells keep their column. Inner tables stay as they are.
    """
    rows, spans = _rows(pieces)
    widest = max((sum(width for _cell, width in cells) for _start, _end, cells in rows), default=0)
    made: list[str] = []
    at = 0
    for start, end, cells in rows:
        made += pieces[at:start]
        missing = 0 if spans else widest - sum(width for _cell, width in cells)
        made += ["<td></td>"] * missing
        for cell, _width in reversed(cells):
            made += cell
        at = end
    return made + pieces[at:]


def _rows(pieces: list[str]) -> tuple[list[tuple[int, int, list[tuple[list[str], int]]]], bool]:
    """(first piece, piece after the last, cells with their widths) of each outer row; whether a cell spans rows."""
    rows, cells, depth = [], [], 0
    row_start = cell_start = -1
    spans = False
    for index, piece in enumerate(pieces):
        if piece.startswith("<table"):
            depth += 1
        elif piece == "</table>":
            depth -= 1
        elif depth:
            continue
        elif piece == "<tr>":
            row_start, cells = index + 1, []
        elif piece.startswith(("<td", "<th")) and not piece.startswith("<thead"):
            cell_start = index
            spans = spans or "rowspan" in piece
        elif piece in {"</td>", "</th>"} and cell_start >= 0:
            width = _SPAN.search(pieces[cell_start])
            cells.append((pieces[cell_start : index + 1], int(width.group(1)) if width else 1))
            cell_start = -1
        elif piece == "</tr>" and row_start >= 0:
            rows.append((row_start, index, cells))
            row_start = -1
    return rows, spans
