"""The coasts around Djibouti, very coarse, as a backdrop that shows where land goes on and where sea begins.

Drawn by us point by point from well-known capes and towns (Ras Doumeira, Assab, Bab-el-Mandeb, Loyada,
Zeila, Berbera), accurate to about 3 km; never a border: the country's own outline is drawn over it.
"""

from __future__ import annotations

__all__ = ["ABROAD"]

ABROAD = (
    # Africa around Djibouti: Eritrea's shore, then far inland, then Somalia's shore.
    (
        (41.2, 14.6), (41.75, 13.95), (42.25, 13.55), (42.52, 13.22), (42.74, 13.01), (42.80, 12.88), (43.00, 12.83),
        (43.12, 12.71), (43.05, 12.60), (42.60, 12.20), (42.15, 11.90), (42.15, 11.30), (42.80, 11.25), (43.10, 11.45),
        (43.25, 11.47), (43.36, 11.40), (43.48, 11.35), (43.62, 11.16), (43.85, 10.90), (44.20, 10.58),
        (44.60, 10.40), (45.02, 10.44), (45.60, 10.55), (46.20, 10.70), (47.5, 11.15),
        (47.5, 6.0), (36.0, 6.0), (36.0, 14.6),
    ),
    # Arabia: Yemen's shore on both sides of Bab-el-Mandeb.
    (
        (42.90, 14.6), (43.10, 13.95), (43.25, 13.33), (43.28, 13.10), (43.45, 12.85), (43.48, 12.66),
        (43.62, 12.72), (43.95, 12.62), (44.20, 12.64), (44.55, 12.80), (44.95, 12.78), (45.40, 13.06),
        (46.2, 13.42), (47.5, 13.75), (49.0, 14.6),
    ),
)
