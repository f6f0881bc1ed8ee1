"""QR codes (ISO/IEC 18004) as SVG: one path of the dark modules, black on white in every theme, as
readers need it.
"""

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # Modules of white around the code; the standard asks for four.


def qr_svg(text: str, *, label: str) -> str:
    """The drawing of a text of up to some 2,000 characters. label: what screen readers say; it must
    be escaped already.
    """
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=0)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    edge = len(rows) + 2 * QUIET
    path = "".join(_runs(row, QUIET + y) for y, row in enumerate(rows))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {edge} {edge}" role="img"'
        f' aria-label="{label}" shape-rendering="crispEdges"><path fill="#fff" d="M0'
        f' 0h{edge}v{edge}H0z"/><path fill="#000" d="{path}"/></svg>'
    )


def _runs(row: list[bool], y: int) -> str:
    """Neighbouring dark modules as one rectangle, which makes the file a third of its size."""
    told, x = [], 0
    while x < len(row):
        start = x
        while x < len(row) and row[x]:
            x += 1
        if x > start:
            told.append(f"M{QUIET + start} {y}h{x - start}v1H{QUIET + start}z")
        x += 1
    return "".join(told)
