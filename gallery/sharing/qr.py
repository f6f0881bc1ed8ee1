"""QR codes (ISO/IEC 18004) as SVG: black on white in every theme, because scanners need it."""

import qrcode
from qrcode.constants import ERROR_CORRECT_M

QUIET = 4  # Modules of white around the code; the standard asks for four.


def qr_svg(text: str, *, label: str) -> str:
    """The QR code of a text of up to some 2,000 characters.

    label: what screen readers say, escaped for HTML by the caller.
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
    """Path data with one rectangle for each run of dark modules; thirds the size of the file."""
    rectangles, x = [], 0
    while x < len(row):
        start = x
        while x < len(row) and row[x]:
            x += 1
        if x > start:
            rectangles.append(f"M{QUIET + start} {y}h{x - start}v1H{QUIET + start}z")
        x += 1
    return "".join(rectangles)
