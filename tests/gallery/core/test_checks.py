"""What `manage.py check` and each start say about settings that cannot work together."""

import pytest

from gallery.core import checks
from gallery.core.checks import check_settings, report_settings


@pytest.fixture(autouse=True)
def unreported(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process that has just started."""
    monkeypatch.setattr(checks, "_is_reported", False)


def sentences() -> list[str]:
    return [str(message.msg) for message in check_settings()]


def test_the_shipped_settings_need_no_warning():
    assert sentences() == []


@pytest.mark.parametrize(
    ("values", "warning"),
    [
        ({"HTTPS": True, "PROXIES": 0}, checks.HTTPS_ALONE),
        ({"HTTPS": True, "PROXIES": 1, "ORIGIN": "http://a.example"}, checks.HTTPS_ORIGIN),
        ({"HTTPS": False, "ORIGIN": "https://a.example"}, checks.HTTP_ORIGIN),
        ({"DEBUG": True, "ORIGIN": "http://a.example"}, checks.PUBLIC_DEBUG),
        ({"REQUIRE_EMAIL": True, "EMAIL_BACKEND": checks.CONSOLE}, checks.NO_EMAILS),
        ({"CHECKPOINTS": "/no/such"}, checks.NO_CHECKPOINTS.format(path="/no/such")),
        ({"SOUNDFONT": "/no/such.sf2"}, checks.NO_SOUNDFONT.format(path="/no/such.sf2")),
        ({"UNKNOWN_VARIABLES": ["There is no setting X."]}, "There is no setting X."),
    ],
)
def test_settings_that_cannot_work_are_told(settings, capsys, values, warning):
    for name, value in values.items():
        setattr(settings, name, value)
    assert sentences() == [warning]
    report_settings()
    report_settings()
    assert capsys.readouterr().err == f"Warning: {warning}\n"  # Once.


def test_a_whole_public_site_needs_no_warning(settings):
    settings.HTTPS, settings.PROXIES, settings.ORIGIN = True, 1, "https://garden.example"
    assert sentences() == []


def test_a_storage_that_is_none_ends_the_start_in_a_sentence(settings):
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": "nowhere.Storage"}}
    with pytest.raises(SystemExit, match="ARBORETUM_MEDIA_STORAGE .*nowhere"):
        report_settings()
