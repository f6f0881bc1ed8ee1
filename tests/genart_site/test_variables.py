"""Variables of the environment: empty means not set, and a bad value ends in one sentence."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from genart_site.variables import BadVariable, Variables, read_variables
from tests.shared import ROOT, environment_of


def read(**values: str) -> Variables:
    return Variables({f"ARBORETUM_{name}": value for name, value in values.items()})


def start(*command: str, data: Path, **values: str) -> subprocess.CompletedProcess:
    """Run a Python command of the site with these variables."""
    environment = environment_of(data) | {
        f"ARBORETUM_{name}": value for name, value in values.items()
    }
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture
def own_environment() -> Iterator[None]:
    """No ARBORETUM_ variables, and those that a test sets are gone afterwards."""
    before = dict(os.environ)
    for name in before:
        if name.startswith("ARBORETUM_"):
            del os.environ[name]
    yield
    os.environ.clear()
    os.environ.update(before)


def test_an_empty_variable_is_one_that_is_not_set(tmp_path: Path):
    empty = read(DATA="", HTTPS=" ", PRINT_SIZE="", ORIGIN="", HOSTS="", UNSAFE_SCORE="")
    assert empty.path("DATA", tmp_path, base=tmp_path) == tmp_path
    assert empty.flag("HTTPS", False) is False and empty.flag("RUN_JOBS", True) is True
    assert empty.number("PRINT_SIZE", 1024) == 1024
    assert empty.share("UNSAFE_SCORE", 0.8) == 0.8
    assert empty.origin("ORIGIN").site == ""
    assert empty.hosts("HOSTS", "localhost,[::1]") == ["localhost", "[::1]"]


@pytest.mark.parametrize("word", ["1", "yes", "ON", "True", "y"])
def test_yes_is_said_in_several_ways_and_so_is_no(word: str):
    no = {"1": "0", "yes": "no", "ON": "OFF", "True": "False", "y": "n"}[word]
    assert read(HTTPS=word).flag("HTTPS", False) is True
    assert read(HTTPS=no).flag("HTTPS", True) is False


def test_a_relative_data_folder_does_not_depend_on_where_the_site_is_started(tmp_path: Path):
    found = read(DATA="garden").path("DATA", tmp_path, base=tmp_path / "checkout")
    assert found == tmp_path / "checkout" / "garden"


@pytest.mark.parametrize(
    ("value", "site", "path", "host"),
    [
        ("https://garden.example/", "https://garden.example", "", "garden.example"),
        ("https://Garden.Example:443", "https://garden.example", "", "garden.example"),
        ("http://localhost:8000/", "http://localhost:8000", "", "localhost"),
        ("https://example.org/garden/", "https://example.org", "/garden", "example.org"),
        ("http://[::1]:8000", "http://[::1]:8000", "", "[::1]"),
        ("https://gärten.example", "https://xn--grten-gra.example", "", "xn--grten-gra.example"),
    ],
)
def test_an_origin_is_reduced_to_what_browsers_send(value, site, path, host):
    origin = read(ORIGIN=value).origin("ORIGIN")
    assert (origin.site, origin.path, origin.host) == (site, path, host)


@pytest.mark.parametrize(
    ("name", "value", "reader", "words"),
    [
        ("HTTPS", "yes please", lambda each: each.flag("HTTPS", False), "1 (yes, on, true)"),
        ("PRINT_SIZE", "big", lambda each: each.number("PRINT_SIZE", 9), "a whole number"),
        ("PRINT_SIZE", "-1", lambda each: each.number("PRINT_SIZE", 9), "of 0 or more"),
        ("PRINT_SIZE", "99", lambda each: each.number("PRINT_SIZE", 9, most=64), "from 0 to 64"),
        ("UNSAFE_SCORE", "1.5", lambda each: each.share("UNSAFE_SCORE", 0.8), "from 0 to 1"),
        ("UNSAFE_SCORE", "nan", lambda each: each.share("UNSAFE_SCORE", 0.8), "from 0 to 1"),
        ("ORIGIN", "garden.example", lambda each: each.origin("ORIGIN"), "https://garden.example"),
        ("ORIGIN", "https://a.example:x", lambda each: each.origin("ORIGIN"), "an address such as"),
        ("ORIGIN", "https://a.example/?x", lambda each: each.origin("ORIGIN"), "an address such"),
        ("HOSTS", "https://a.example", lambda each: each.hosts("HOSTS", ""), "names alone"),
        ("HOSTS", "a.example:8000", lambda each: each.hosts("HOSTS", ""), "names alone"),
        ("LOG_LEVEL", "loud", lambda each: each.choice("LOG_LEVEL", "INFO", ["INFO"]), "one of"),
    ],
)
def test_a_bad_value_is_a_sentence_that_names_the_variable(name, value, reader, words):
    with pytest.raises(BadVariable) as caught:
        reader(read(**{name: value}))
    sentence = str(caught.value)
    assert sentence.startswith(f"ARBORETUM_{name} ") and words in sentence
    assert value.lower() in sentence.lower() and "\n" not in sentence


def test_a_bad_address_with_a_password_is_not_repeated():
    def parse(value: str) -> dict[str, str]:
        raise ValueError(value)

    with pytest.raises(BadVariable) as caught:
        read(EMAIL_URL="smtp://me:secret@").parsed("EMAIL_URL", parse, key="EMAIL_BACKEND")
    assert "ARBORETUM_EMAIL_URL" in str(caught.value) and "secret" not in str(caught.value)


def test_an_old_name_says_what_to_do_instead():
    with pytest.raises(BadVariable, match="ARBORETUM_BEHIND_PROXY .*ARBORETUM_PROXIES"):
        read(BEHIND_PROXY="1")


def test_a_misspelt_variable_is_told_with_the_nearest_name():
    each = read(PRINTSIZE="64", GREENHOUSE="1", PRINT_SIZE="64")
    each.number("PRINT_SIZE", 9)
    unknown = each.unknown()
    assert [sentence.split(";")[0] for sentence in unknown] == [
        "There is no setting ARBORETUM_GREENHOUSE",
        "There is no setting ARBORETUM_PRINTSIZE",
    ]
    assert "did you mean ARBORETUM_PRINT_SIZE?" in unknown[1]


def test_a_file_saved_on_windows_keeps_its_first_line(own_environment, tmp_path: Path):
    file = tmp_path / ".env"
    file.write_bytes(
        "\ufeffARBORETUM_GARDEN_NAME=Büsche\r\n\r\n# Us\r\nARBORETUM_DEBUG=\r\n".encode()
    )
    found = read_variables(file)
    assert found.text("GARDEN_NAME") == "Büsche" and found.flag("DEBUG", True) is True


def test_the_environment_goes_before_the_file_but_not_when_it_is_empty(
    own_environment, tmp_path: Path
):
    os.environ.update(ARBORETUM_GARDEN_NAME="", ARBORETUM_PRINT_SIZE="64", ARBORETUM_SOUNDFONT="")
    file = tmp_path / ".env"
    file.write_text("ARBORETUM_GARDEN_NAME=Moss\nexport ARBORETUM_PRINT_SIZE=128\n")
    found = read_variables(file)
    assert (found.text("GARDEN_NAME"), found.number("PRINT_SIZE", 9)) == ("Moss", 64)
    assert "ARBORETUM_SOUNDFONT" not in os.environ  # The studio reads it there.


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"ARBORETUM_HTTPS = 1\n", "Line 1 of .* must look like ARBORETUM_NAME=value"),
        (b"\nsecret\n", "Line 2 of "),
        ("ARBORETUM_GARDEN_NAME=Bäume".encode("latin-1"), "not encoded in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_understood_is_refused(own_environment, tmp_path, content, words):
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(BadVariable, match=words) as caught:
        read_variables(tmp_path / ".env")
    assert "secret" not in str(caught.value).replace(str(tmp_path), "")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "serve", "--prepare-only"),
        ("manage.py", "train", "gan", "--data", "x"),
        ("-m", "genart_site.server", "genart_site.asgi:application"),
    ],
    ids=["serve", "another command", "the server"],
)
def test_every_entry_ends_in_the_sentence_instead_of_a_traceback(command, tmp_path: Path):
    done = start(*command, data=tmp_path, HTTPS="yes please")
    assert done.returncode == 1
    assert done.stderr.strip() == (
        "ARBORETUM_HTTPS must be 1 (yes, on, true) or 0 (no, off, false), not “yes please”."
    )


@pytest.mark.slow
def test_a_site_of_empty_variables_is_the_default_one_and_warns_of_nothing(tmp_path: Path):
    names = (
        "HOSTS ORIGIN HTTPS PROXIES SECRET_KEY DEBUG LOG_LEVEL DATABASE_URL REDIS_URL EMAIL_URL"
        " EMAIL_FROM MEDIA_STORAGE CHECKPOINTS SOUNDFONT PRINT_SIZE UNSAFE_SCORE RUN_JOBS"
        " REMOTE_SERVERS REMOTE_SECONDS"
    )
    done = start("manage.py", "check", data=tmp_path, **dict.fromkeys(names.split(), ""))
    assert done.returncode == 0 and "no issues" in done.stdout, done.stderr
    assert done.stderr == ""
    assert (tmp_path / "checkpoints").is_dir()  # Where species are imported to by default.


@pytest.mark.slow
def test_a_server_that_cannot_be_one_is_told_without_its_password(tmp_path: Path):
    done = start("manage.py", "check", data=tmp_path, REMOTE_SERVERS="attic=ftp://me:secret@attic")
    assert done.returncode == 1 and done.stderr.startswith("ARBORETUM_REMOTE_SERVERS must hold")
    assert "secret" not in done.stderr and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_a_data_folder_that_cannot_be_one_is_told(tmp_path: Path):
    (tmp_path / "file").touch()
    done = start("manage.py", "check", data=tmp_path / "file")
    assert done.returncode == 1 and done.stderr.startswith("ARBORETUM_DATA must be a folder")
    assert len(done.stderr.strip().splitlines()) == 1
