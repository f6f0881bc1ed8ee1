"""The forms of uploading: a tune and the melody transcribed from it, or a picture."""

import base64
import binascii
import json
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy

from gallery.artworks.forms import TagsField
from gallery.core.forms import LineField, PlainForm
from gallery.i18n.stored_sentences import translated
from gallery.models import Licence
from generation.codecs.image import MEDIA_TYPES
from generation.codecs.stored_picture import read_stored
from generation.finishing.styles import STYLES
from generation.genespaces.pictures import AI, DRAWING, PHOTO
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


SOMEBODY_ELSE = "other"
MAX_PICTURE_BYTES = 20 * 2**20
MAX_PICTURE_TEXT = 200_000  # Characters of a stored picture in base64.


class PictureForm(PlainForm):
    """A picture that somebody has already."""

    file = forms.FileField(
        label=gettext_lazy("A picture"),
        help_text=gettext_lazy(
            "PNG, JPEG, WebP or HEIC, up to 20 MB. Works here are square, so its middle is kept."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(MEDIA_TYPES)}),
        error_messages={
            "required": gettext_lazy("Choose a picture."),
            "empty": gettext_lazy("This file is empty. Choose another one."),
        },
    )

    def clean_file(self) -> bytes:
        """The content of the file. A file that is too large is not read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_PICTURE_BYTES:
            raise forms.ValidationError(
                gettext("This picture is larger than 20 MB. Save it smaller and try again.")
            )
        return file.read()


class StoredPictureField(forms.CharField):
    """A stored picture in base64, which travels through the browser; cleans to its bytes."""

    widget = forms.HiddenInput

    def clean(self, value: Any) -> bytes:
        try:
            data = base64.b64decode(super().clean(value), validate=True)
            read_stored(data)
        except (Refused, binascii.Error, ValueError) as error:
            raise forms.ValidationError(
                gettext("The picture got lost on the way. Please upload it again.")
            ) from error
        return data


class KeepPictureForm(PlainForm):
    """Keeping an uploaded picture as a work."""

    picture = StoredPictureField(max_length=MAX_PICTURE_TEXT)
    origin = forms.ChoiceField(
        label=gettext_lazy("Who made it?"),
        choices=[
            (AI, gettext_lazy("I did, with an AI program")),
            (DRAWING, gettext_lazy("I drew or painted it")),
            (PHOTO, gettext_lazy("I took this photo")),
            (SOMEBODY_ELSE, gettext_lazy("Somebody else")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Say who made the picture.")},
    )
    title = LineField(
        label=gettext_lazy("Title"),
        max_length=120,
        initial=gettext_lazy("My picture"),
        error_messages={"required": gettext_lazy("Give the picture a title.")},
    )
    tags = TagsField()
    licence = forms.ChoiceField(
        label=gettext_lazy("Licence"),
        choices=Licence.choices,
        initial=Licence.CC_BY,
        help_text=gettext_lazy("It binds every picture that is painted over this one."),
    )

    def clean_origin(self) -> str:
        origin: str = self.cleaned_data["origin"]
        if origin == SOMEBODY_ELSE:
            raise forms.ValidationError(
                gettext("Only pictures that you made yourself can be kept here.")
            )
        return origin

    @classmethod
    def of(cls, stored: bytes) -> "KeepPictureForm":
        """The form for a picture that was just uploaded."""
        return cls(initial={"picture": base64.b64encode(stored).decode("ascii")})
