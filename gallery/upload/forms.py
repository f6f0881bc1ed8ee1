"""The forms of uploading a tune: the file, and what to do with the melody transcribed from it."""

import json
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from gallery.artworks.forms import TagsField
from gallery.core.forms import LineField, PlainForm
from gallery.i18n.stored_sentences import translated
from generation.finishing.styles import STYLES
from generation.melodies.files import Melody
from generation.refusal import Refused

MAX_BYTES = 20_000_000
MAX_MELODY_CHARACTERS = 200_000
# What can be read here, by ending and, for phones, by media type. The script of the page adds what
# a browser can convert (static/js/upload/foreign.js).
ACCEPTED = (
    ".mid,.midi,.kar,.rmi,.wav,.flac,.ogg,.oga,.opus,.mp3,.aif,.aiff,.au,.caf,"
    "audio/midi,audio/x-midi,audio/wav,audio/x-wav,audio/flac,audio/ogg,audio/mpeg,audio/aiff"
)


class UploadForm(PlainForm):
    """A MIDI file or a recording."""

    recording = forms.FileField(
        label=gettext_lazy("A MIDI file, or a recording of up to a minute"),
        help_text=gettext_lazy(
            "MIDI, WAV, FLAC, Ogg or MP3, up to 20 MB. One voice or one instrument; whole bands"
            " can't be told apart."
        ),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
        error_messages={
            "required": gettext_lazy("Choose a file, or record something."),
            "empty": gettext_lazy("This file is empty. Choose another one."),
        },
    )

    def clean_recording(self) -> bytes:
        """The content of the file. A file that is too large is not read."""
        file = self.cleaned_data["recording"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError(
                gettext("This file is larger than 20 MB. Trim it to a minute, or save it as MP3.")
            )
        return file.read()


class MelodyField(forms.CharField):
    """A melody as JSON, which travels through the browser between two pages; cleans to a Melody."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> Melody:
        try:
            return Melody.from_json(json.loads(super().clean(value)))
        except Refused as refused:
            raise forms.ValidationError(refused.sentence) from refused
        except (ValueError, RecursionError) as error:
            raise forms.ValidationError(
                gettext("The melody got lost on the way. Please upload it again.")
            ) from error


class HearForm(PlainForm):
    """A melody, and who plays it."""

    melody = MelodyField(max_length=MAX_MELODY_CHARACTERS)
    style = forms.ChoiceField(
        label=gettext_lazy("Played by"),
        initial="folk",
        choices=lambda: [(style.key, translated(style.label)) for style in STYLES.values()],
        widget=forms.RadioSelect,
    )


class ImportForm(HearForm):
    """Importing a melody as a work."""

    title = LineField(
        label=gettext_lazy("Title"),
        max_length=120,
        initial=gettext_lazy("My tune"),
        error_messages={"required": gettext_lazy("Give the tune a title.")},
    )
    tags = TagsField()
    is_free = forms.BooleanField(
        label=gettext_lazy("The melody is mine, or in the public domain"),
        error_messages={
            "required": gettext_lazy("Only a melody that is yours or free to use can be bred here.")
        },
    )

    @classmethod
    def of(cls, melody: Melody, **initial: Any) -> "ImportForm":
        """The form for a melody that was just transcribed."""
        return cls(
            initial=initial | {"melody": json.dumps(melody.to_json(), separators=(",", ":"))}
        )
