"""Forms to export and import a whole account."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, gettext_lazy

from gallery.archive.importing import MAX_ZIP
from gallery.core.forms import PlainForm


class ExportForm(PlainForm):
    """What goes into the archive."""

    with_files = forms.BooleanField(
        required=False,
        initial=True,
        label=gettext_lazy("With the pictures and tunes"),
        help_text=gettext_lazy(
            "Without them the archive is small; another Arboretum site can recreate them from"
            " the genomes."
        ),
    )


class ImportForm(PlainForm):
    """The ZIP of an account; cleans to its bytes."""

    archive = forms.FileField(
        label=gettext_lazy("The archive (ZIP)"),
        widget=forms.FileInput(attrs={"accept": ".zip,application/zip"}),
        help_text=gettext_lazy("Exported by another Arboretum site, without files; at most 20 MB."),
        error_messages={
            "required": gettext_lazy("Choose an account's ZIP file."),
            "empty": gettext_lazy("This file is empty. Choose another one."),
        },
    )

    def clean_archive(self) -> bytes:
        """The bytes of the file; one that is too large is not read."""
        file: UploadedFile[bytes] = self.cleaned_data["archive"]
        if file.size is None or file.size > MAX_ZIP:
            raise ValidationError(
                gettext("This file is larger than 20 MB. Export the account without its files.")
            )
        return file.read()
