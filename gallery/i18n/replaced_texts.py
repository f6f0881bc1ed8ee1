"""English templates that were reworded after rows had stored them, and their present wording.

Notices, import reports and jobs store the English template of a sentence, while the catalogues
know only the present wording. Whoever rewords a template that is stored adds the old wording here.
The new one may use no placeholder that the old one lacks: stored values are those of the old one.
"""

_PAIRS = (
    (
        "A collection in the archive is damaged. Upload the ZIP as it was exported.",
        "A collection in the archive is damaged. Upload the ZIP exactly as it was exported.",
    ),
    (
        "A moderator asks you to mind the rules of this garden. {reason}",
        "A moderator asks you to follow the rules of this site. {reason}",
    ),
    (
        "A moderator hid your work “{title}”. {reason} You can answer on its page.",
        "A moderator hid your work “{title}”. {reason} You can appeal on its page.",
    ),
    (
        "A moderator hid “{title}”, which you put together. {reason} You can answer on its page.",
        "A moderator hid “{title}”, which you put together. {reason} You can appeal on its page.",
    ),
    (
        "A moderator put your work “{title}” into quarantine. {reason} You can answer.",
        "A moderator put your work “{title}” in quarantine. {reason} You can appeal.",
    ),
    (
        "A moderator read your answer about “{title}”; the decision stands. {reason}",
        "A moderator read your appeal about “{title}”; the decision stands. {reason}",
    ),
    (
        "A moderator took these words off your page. Choose others.",
        "A moderator removed this text from your page. Please choose different words.",
    ),
    (
        "A moderator took your display name and the words about you off your page. {reason}",
        "A moderator removed your display name and bio from your page. {reason}",
    ),
    (
        "Being printed",
        "Printing",
    ),
    (
        "Choose one of the licences of the list.",
        "Choose a licence from the list.",
    ),
    (
        "It is not installed here any more.",
        "It is no longer installed here.",
    ),
    (
        "No SoundFont was found. Install pretty_midi, or name a .sf2 file in ARBORETUM_SOUNDFONT.",
        "No SoundFont was found. Install pretty_midi, or set ARBORETUM_SOUNDFONT to a .sf2 file.",
    ),
    (
        "No licence satisfies all parents. {reasons} Breed without one of them.",
        "The parents' licences are incompatible. {reasons} Breed without one of them.",
    ),
    (
        "None of the works in this collection came along.",
        "None of the works in this collection could be imported.",
    ),
    (
        "One of the parents is somebody else's with all rights reserved, so this child can only"
        " be private.",
        "One of the parents is someone else's work with all rights reserved, so this child can"
        " only be private.",
    ),
    (
        "Planting your works",
        "Importing your works",
    ),
    (
        "Some works of the archive descend from themselves, so its lineage is damaged.",
        "Some works in the archive descend from themselves, so its lineage is damaged.",
    ),
    (
        "Thank you for your report about “{title}”. A moderator looked at it and acted.",
        "Thank you for your report about “{title}”. A moderator reviewed it and took action.",
    ),
    (
        "Thank you for your report about “{title}”. A moderator looked at it and left it as it"
        " is. {reason}",
        "Thank you for your report about “{title}”. A moderator reviewed it and decided to"
        " leave it as it is. {reason}",
    ),
    (
        "The genome holds numbers that cannot be rendered.",
        "The genome contains numbers that cannot be rendered.",
    ),
    (
        "The likes or follows in the archive are damaged. Upload the ZIP as it was exported.",
        "The likes or follows in the archive are damaged. Upload the ZIP exactly as it was"
        " exported.",
    ),
    (
        "The print could not be made because of a mistake in the studio. Try again, or tell an"
        " operator.",
        "Printing failed because of an error on our side. Try again, or tell the site's operator.",
    ),
    (
        "The species “{key}” is not available in this garden.",
        "The species “{key}” is not available on this site.",
    ),
    (
        "The word “{word}” may not be used in this garden. Please say it in other words.",
        "The word “{word}” isn't allowed here. Please use another one.",
    ),
    (
        "These are {n_tags} tags; keep the {max_tags} that matter most.",
        "That's {n_tags} tags; keep the {max_tags} that matter most.",
    ),
    (
        "This file is no archive of an account, or it is damaged. Upload the ZIP as it was"
        " exported.",
        "This file isn't an account archive, or it is damaged. Upload the ZIP exactly as it was"
        " exported.",
    ),
    (
        "Trying again after a mistake",
        "Trying again after an error",
    ),
    (
        "Two works of the archive have the same address, so it is damaged.",
        "Two works in the archive have the same address, so it is damaged.",
    ),
    (
        "Until {end} your account is suspended. {reason}",
        "Your account is suspended until {end}. {reason}",
    ),
    (
        "You are a curator of this garden now. {reason}",
        "You are now a curator of this site. {reason}",
    ),
    (
        "You are a member of this garden now, without a role for staff. {reason}",
        "You are now a regular member of this site, without a staff role. {reason}",
    ),
    (
        "You are a moderator of this garden now. {reason}",
        "You are now a moderator of this site. {reason}",
    ),
    (
        "You are an administrator of this garden now. {reason}",
        "You are now an administrator of this site. {reason}",
    ),
    (
        "You have {most} collections, which is as many as fit. Delete one first.",
        "You have reached the limit of {most} collections. Delete one first.",
    ),
    (
        "Your account is suspended until {end}: {reason} You may look around and export your"
        " works.",
        "Your account is suspended until {end}: {reason} You can still look around and export"
        " your works.",
    ),
    (
        "Your account is suspended: {reason} You may look around and export your works.",
        "Your account is suspended: {reason} You can still look around and export your works.",
    ),
    (
        "Your work “{title}” waits for a moderator to look at it before it can be seen.",
        "A moderator needs to check your work “{title}” before it can be seen.",
    ),
    (
        "“{spelling}” cannot be a tag; use at most {max_length} characters, with a letter a to"
        " z or a digit.",
        "“{spelling}” can't be a tag; use at most {max_length} characters, with at least one"
        " letter, digit or symbol.",
    ),
    (
        "“{spelling}” can't be a tag; use at most {max_length} characters, with at least one"
        " letter (a to z) or digit.",
        "“{spelling}” can't be a tag; use at most {max_length} characters, with at least one"
        " letter, digit or symbol.",
    ),
)
# Old template -> present template.
REPLACED: dict[str, str] = dict(_PAIRS)
