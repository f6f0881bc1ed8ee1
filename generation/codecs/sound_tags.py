"""What a sound file says about itself: a Provenance as the tags that players read."""

from generation.codecs.provenance import SOURCE_TYPES, TRAINED, UNTRAINED, Provenance

TRAINING = {True: "allowed", False: "not allowed"}


def tags_of(provenance: Provenance) -> dict[str, str]:
    """Texts by the names in `codecs.audio.TAGS`. Empty ones are left out.

    They become ID3 in MP3, Vorbis comments in Ogg and FLAC, LIST INFO in WAV. These formats have no
    field that says that AI made the sound; IPTC's term for it (see codecs.provenance) stands in the
    comment, with the lineage, the credits, whether nets may be trained on it, and the identity of
    the genome.
    """
    source = SOURCE_TYPES + (TRAINED if provenance.is_trained else UNTRAINED)
    sentences = [f"Made by AI ({source}).", provenance.lineage]
    sentences += [f"Credit: {provenance.credit}."] if provenance.credit else []
    sentences += (
        [f"AI training: {TRAINING[provenance.may_train]}."]
        if provenance.may_train is not None
        else []
    )
    sentences += [f"Genome {provenance.identifier}."] if provenance.identifier else []
    licence = " ".join(words for words in (provenance.licence, provenance.licence_url) if words)
    tags = {
        "title": provenance.title,
        "artist": provenance.creator,
        "copyright": licence,
        "license": provenance.licence_url,
        "comment": " ".join(sentence for sentence in sentences if sentence),
        "software": provenance.tool,
    }
    # libsndfile takes C strings, so a null character would cut a text off.
    return {name: text.replace("\0", "") for name, text in tags.items() if text}
