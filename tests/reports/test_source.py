import hashlib
import os
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from textmine.errors import SourceError
from textmine.reports.source import MAX_BYTES, load_text

from .reading import time_limit

ZH = "1.  本报告是应经济及社会理事会的要求编写的。理事会请秘书长通报信息社会世界首脑会议成果的落实情况。\n"
TRADITIONAL = "1.  本報告是應經濟及社會理事會的要求編寫的。理事會請秘書長通報資訊社會世界首腦會議成果的落實情況。\n"
EN = "1.  The Secretary-General’s report — “in short” — was late.\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "A-66-64.txt"


@pytest.mark.parametrize(
    ("encoding", "named"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("gbk", "gb18030"),
        ("gb2312", "gb18030"),
        ("gb18030", "gb18030"),
    ],
)
def test_chinese_in_common_encodings(path: Path, encoding: str, named: str) -> None:
    path.write_bytes((ZH * 5).encode(encoding))
    source = load_text(path)
    assert (source.text, source.encoding) == (ZH * 5, named)


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf_16_in_both_byte_orders(path: Path, mark: bytes, encoding: str) -> None:
    path.write_bytes(mark + ZH.encode(encoding))
    assert load_text(path).text == ZH


def test_gb18030_with_characters_of_four_bytes(path: Path) -> None:
    text = ZH * 5 + "𠀀𠀁㐀\n"
    path.write_bytes(text.encode("gb18030"))
    assert load_text(path).text == text


@pytest.mark.parametrize("encoding", ["big5", "shift_jis", "euc_kr", "koi8-r", "cp1252", "euc_jp"])
def test_other_encodings_are_refused_and_never_read_as_mojibake(path: Path, encoding: str) -> None:
    texts = {
        "big5": TRADITIONAL,
        "shift_jis": "これは報告書です。",
        "euc_jp": "これは報告書です。",
        "koi8-r": "Это доклад. ",
    }
    text = texts.get(encoding, {"euc_kr": "이것은 보고서입니다. "}.get(encoding, EN))
    path.write_bytes((text * 20).encode(encoding))
    with pytest.raises(SourceError, match=r"not UTF-8 .* nor GB18030; .* convert it"):
        load_text(path)


def test_big5_is_named(path: Path) -> None:
    path.write_bytes((TRADITIONAL * 20).encode("big5"))
    with pytest.raises(SourceError, match="it looks like big5"):
        load_text(path)


def splits_a_character(data: bytes, at: int) -> bool:
    return len(data[:at].decode("gbk", "ignore").encode("gbk")) < at


def test_gbk_of_a_long_file_whose_200_000th_byte_is_half_a_character(path: Path) -> None:
    text = next(text for text in (ZH * 3_000, "x" + ZH * 3_000) if splits_a_character(text.encode("gbk"), 200_000))
    path.write_bytes(text.encode("gbk"))
    assert load_text(path).text == text


def test_gbk_of_a_long_file_whose_200_000th_byte_ends_a_character(path: Path) -> None:
    text = next(text for text in (ZH * 3_000, "x" + ZH * 3_000) if not splits_a_character(text.encode("gbk"), 200_000))
    path.write_bytes(text.encode("gbk"))
    assert load_text(path).text == text


@pytest.mark.parametrize("bad", [b"\xff", b"\x80", b"\xe6\x8a"])
def test_utf_8_with_one_bad_byte_is_refused_with_its_line(path: Path, bad: bytes) -> None:
    path.write_bytes((ZH * 20).encode() + bad + b"\n" + (ZH * 20).encode())
    with pytest.raises(SourceError, match="line 21"):
        load_text(path)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_line_ends_become_one_kind(path: Path, newline: str) -> None:
    path.write_bytes(newline.join(["1. One.", "", "2. Two."]).encode())
    assert load_text(path).text == "1. One.\n\n2. Two."


def test_a_form_feed_ends_a_line(path: Path) -> None:
    path.write_bytes(b"1. One.\f2. Two.")
    assert load_text(path).text == "1. One.\n2. Two."


def test_text_becomes_nfc(path: Path) -> None:
    path.write_bytes(unicodedata.normalize("NFD", "1. Résumé 각.").encode())
    assert load_text(path).text == "1. Résumé 각."


def test_astral_characters_and_line_separators_stay(path: Path) -> None:
    text = "1. 𠀀 😀\u2028x\u0085y\u200b."
    path.write_text(text, encoding="utf-8")
    assert load_text(path).text == text


def test_the_digest_is_that_of_the_bytes(path: Path) -> None:
    data = b"\xef\xbb\xbf1. One.\r\n"
    path.write_bytes(data)
    assert load_text(path).sha256 == hashlib.sha256(data).hexdigest()


def test_the_name_is_without_its_folder(path: Path) -> None:
    path.write_text(ZH, encoding="utf-8")
    assert load_text(str(path)).name == "A-66-64.txt"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", r"empty \(0 bytes\)"),
        (b" \n\t \r\n", "white space only"),
        ("\u3000\u2028\n".encode(), "white space only"),
        (b"\xef\xbb\xbf", "white space only"),
        (b"\xff\xfe", "white space only"),
        (b"1. a\x00b.\n", r"NUL byte at 4\)"),
        (bytes(range(256)) * 4, "NUL byte at 0"),
        (b"%PDF-1.4\n1. One.", "a PDF"),
        (b"PK\x03\x04rest", "ZIP container"),
        (b"\xd0\xcf\x11\xe0rest", "old binary Word"),
        (b"\xffWPC1. One.", "WordPerfect"),
        (b"\xff\xfea", "says it is utf-16"),
        (b"\xff\xfe\x00\xd8a\x00", "says it is utf-16"),
        (b"\x00\x00\xfe\xff\xff\xff\xff\xff", "says it is utf-32"),
        (b"\xef\xbb\xbf1. \xff", "says it is utf-8"),
    ],
)
def test_what_is_refused_says_why_and_names_the_file(path: Path, data: bytes, said: str) -> None:
    path.write_bytes(data)
    with pytest.raises(SourceError, match=rf"A-66-64\.txt: .*{said}"):
        load_text(path)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_nul_after_a_byte_order_mark_is_binary(path: Path, encoding: str) -> None:
    path.write_bytes("1. a\x00b.\n".encode(encoding))
    with pytest.raises(SourceError, match="NUL"):
        load_text(path)


def test_a_missing_file(path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        load_text(path)


def test_a_folder(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"this is a folder; name the report files in it"):
        load_text(tmp_path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null"])
def test_a_device(device: str) -> None:
    with pytest.raises(SourceError, match="not a regular file"):
        load_text(device)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_named_pipe_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with time_limit(2), pytest.raises(SourceError, match="not a regular file"):
        load_text(tmp_path / "pipe")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions don't bind here")
def test_an_unreadable_file(path: Path) -> None:
    path.write_text(ZH, encoding="utf-8")
    path.chmod(0)
    with pytest.raises(SourceError, match="can't be read"):
        load_text(path)


@pytest.mark.parametrize("name", ["a\x00b", "x" * 5_000, ""])
def test_impossible_names(name: str) -> None:
    with pytest.raises(SourceError):
        load_text(name)


def test_30_mb_are_refused_quickly(path: Path) -> None:
    with path.open("wb") as stream:
        stream.truncate(30_000_000)
    with time_limit(1), pytest.raises(SourceError, match=r"larger than 20 MB, and a report's text is about 0\.1 MB"):
        load_text(path)


@pytest.mark.parametrize(("n_bytes", "refused"), [(10, False), (11, True)])
def test_the_limit_is_the_largest_size_accepted(path: Path, n_bytes: int, refused: bool) -> None:
    path.write_bytes(b"x" * n_bytes)
    if refused:
        with pytest.raises(SourceError, match="larger than"):
            load_text(path, max_bytes=10)
    else:
        assert load_text(path, max_bytes=10).text == "x" * n_bytes


def test_the_limit_is_20_mb() -> None:
    assert MAX_BYTES == 20_000_000


def test_a_name_with_a_space_and_han(tmp_path: Path) -> None:
    path = tmp_path / "报 告.txt"
    path.write_text(ZH, encoding="utf-8")
    assert load_text(path).name == "报 告.txt"


@given(st.binary(max_size=200))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "any.txt"
    path.write_bytes(data)
    try:
        text = load_text(path).text
    except SourceError:
        return
    assert text.strip()
    assert "\r" not in text
    assert text == unicodedata.normalize("NFC", text)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\f\x00"), min_size=1, max_size=80))
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_any_text_comes_back_from_unicode_encodings(tmp_path: Path, encoding: str, text: str) -> None:
    path = tmp_path / "any.txt"
    text = "1. " + text
    path.write_bytes(text.encode(encoding))
    assert load_text(path).text == unicodedata.normalize("NFC", text)
