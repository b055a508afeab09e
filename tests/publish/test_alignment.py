from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from textmine.publish.alignment import changes_html, changes_page, mark_changes


class Reader(HTMLParser):
    """Collects the text before and after the changes, and the elements met."""

    def __init__(self):
        super().__init__()
        self.inside, self.before, self.after, self.tags = [], "", "", set()

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - the parser's interface
        self.tags.add(tag)
        self.inside.append(tag)

    def handle_endtag(self, tag):
        self.inside.remove(tag)

    def handle_data(self, data):
        self.before += data * ("ins" not in self.inside)
        self.after += data * ("del" not in self.inside)


def read(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader


@given(*[st.text(alphabet="<>&\"' ab宽1/", max_size=25)] * 2)
def test_the_page_holds_both_texts_and_no_element_of_theirs(source, text):
    reader = read(changes_html(source, text))
    assert (reader.before, reader.after) == (source, text)
    assert reader.tags <= {"p", "del", "ins"}


def test_control_characters_are_shown_and_marks_stand_without_colour():
    marked = mark_changes("safe \x1b[2J word", "safe \u202eother word").plain
    assert marked == "safe [-\\x1b[2J-]{+\\u202eother+} word"
    assert "\u202e" not in changes_html("a", "\u202eb")


def test_a_page_escapes_captions_too():
    page = changes_page("<t>", [("en", "<script>", "a & b", "a & c")])
    assert "<script>" not in page
    assert "<h2>&lt;script&gt;</h2>" in page
    assert '<section lang="en">' in page
