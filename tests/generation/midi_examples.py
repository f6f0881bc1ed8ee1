"""MIDI files made byte by byte: a plain tune, and files that only look like music."""

TUNE = [60, 64, 67, 64, 65, 69, 67, 64, 62, 65, 67, 71, 72, 67, 64, 60]


def midi_file(*events: bytes, division: int = 480) -> bytes:
    body = b"".join(events) + b"\x00\xff\x2f\x00"
    head = b"MThd" + (6).to_bytes(4, "big") + b"\x00\x00\x00\x01" + division.to_bytes(2, "big")
    return head + b"MTrk" + len(body).to_bytes(4, "big") + body


def tune_midi(*, bpm: float = 120.0) -> bytes:
    """TUNE twice, in eighths."""
    tempo = b"\x00\xff\x51\x03" + round(60_000_000 / bpm).to_bytes(3, "big")
    notes = (
        event
        for pitch in TUNE * 2
        for event in (bytes([0, 0x90, pitch, 80]), bytes([0x81, 0x70, 0x80, pitch, 0]))
    )
    return midi_file(tempo, *notes)


ON, LONG = b"\x00\x90\x3c\x40", b"\xff\xff\xff\x7f"
BAD_MIDI = {
    "text": b"MThd this is a text",
    "no notes": midi_file(),
    "too long a wait": midi_file(ON, LONG + b"\x80\x3c\x40"),
    "2^31 ticks": midi_file(ON, b"\x88\x80\x80\x80\x00\x80\x3c\x40"),
    "ten million events": midi_file(ON * 10_000_000),
    "many events": midi_file(ON * 110_000),
    "a track that lies": midi_file(ON)[:-8] + b"\xff\xff",
}
