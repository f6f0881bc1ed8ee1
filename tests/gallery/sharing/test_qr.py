"""QR codes: the drawing holds exactly the modules of the code, with the white around them that
readers need.
"""

import re

import qrcode
from qrcode.constants import ERROR_CORRECT_M

from gallery.sharing.qr import QUIET, qr_svg


def modules(svg: str) -> list[list[bool]]:
    """The dark modules of a drawing, row by row."""
    edge = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    rows = [[False] * edge for _ in range(edge)]
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1", svg):
        for column in range(int(x), int(x) + int(length)):
            rows[int(y)][column] = True
    return rows


def test_the_drawing_is_the_code():
    for text in ("https://garden.example/art/abc/", "x", "https://garden.example/s/" + "a" * 300):
        code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
        code.add_data(text)
        code.make(fit=True)
        assert modules(qr_svg(text, label="A code")) == code.get_matrix()
