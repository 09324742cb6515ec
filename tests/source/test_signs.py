"""What stands in a page's place says so in its title, its headings or a password field; publications do not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.model import Signs
from repo_harvest.source import labels_of, signs_of

SAYINGS = [
    "404", "404 Not Found", "Error 404", "Error 404: Page not found", "Page not found (404)", "503 Service Unavailable", "Oops!",
    "Access denied", "Log in", "Please sign in", "Just a moment...", "Verify you are human", "Attention Required!",
    "Seite nicht gefunden", "Fehler 404", "Anmelden", "Zugriff verweigert", "Page introuvable", "Erreur 500", "Connexion",
    "Página no encontrada", "Iniciar sesión", "Página não encontrada", "Acesso negado", "Pagina non trovata", "Accedi",
    "ページが見つかりません", "ログイン", "Страница не найдена", "页面不存在",
]  # fmt: skip  # a list of sayings


@pytest.mark.parametrize("saying", SAYINGS)
@pytest.mark.parametrize("site", ["{}", "{} | The Library", "The Library – {}", "\n  <span>{}</span>\n"])
def test_a_page_that_is_not_the_page_says_so(saying: str, site: str) -> None:
    words = site.format(saying)
    assert signs_of(f"<html><head><title>{words}</title></head><body><p>Sorry.</p></body></html>").title
    assert signs_of(f"<title>Publications</title><H1 class='big'>{words}</H1>").headings


@pytest.mark.parametrize(
    "words",
    [
        "Publications", "Research and news", "The 404 people who answered", "Access denied: how prisons keep researchers out",
        "Not found in translation", "Errors in measurement", "Log in or walk in? Access to libraries", "Error analysis",
        "Captcha and accessibility", "A human rights moment", "402 letters", "2021", "Fehlerkultur", "Login, logout, burnout",
    ],
)  # fmt: skip  # a list of titles
def test_a_list_and_the_titles_on_it_do_not(words: str) -> None:
    assert signs_of(f"<title>{words} | The Library</title><h1>{words}</h1><h2>{words}</h2>") == Signs()


@pytest.mark.parametrize(
    ("field", "asks"),
    [
        ("<input type='password'>", True),
        ('<INPUT name="p" TYPE = "Password" required>', True),
        ("<input id=p type=password>", True),
        ("<input type='text' name='password'>", False),
        ("<p>type='password'</p>", False),
    ],
)
def test_a_password_field_is_one_by_its_type(field: str, *, asks: bool) -> None:
    assert signs_of(f"<form>{field}</form>").password == asks


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        ("<p class='a'>x</p><p ID=a>y</p><p\nclass = a id=b>z</p>", 3),
        ("<p>class=a</p><p data-class=a><p><a href='?id=4'>", 0),
        ("class=a", 0),
    ],
)
def test_elements_with_a_class_or_an_id_are_counted(text: str, labels: int) -> None:
    assert labels_of(text) == labels


def test_only_the_first_title_is_that_of_the_page() -> None:
    assert signs_of("<title>Publications</title><svg><title>Log in</title></svg>") == Signs()


@given(
    st.lists(st.sampled_from(["<title>", "</title>", "<h1", ">", "</h1>", "404", " ", "<input", "type=", "é"])).map(
        "".join
    )
)
def test_any_text_has_signs_or_none(text: str) -> None:
    signs = signs_of(text)
    assert all(said in text for said in (*signs.title, *signs.headings))
