"""What pages show besides their story: walls, links, adverts, labels, other names of a title."""

import json

import pytest

from summarizer.errors import ExtractionError
from summarizer.sources.article_kinds import select_news
from summarizer.sources.articles import Article
from summarizer.sources.boilerplate import find_boilerplate
from summarizer.sources.extract import ExtractedText, extract_page
from summarizer.sources.mail import read_mail
from summarizer.sources.page_dates import parse_published
from summarizer.sources.promotions import repeated_lines

STORY = (
    "The port authority of Velmouth closed the north pier on Monday after divers found cracks in",
    "Engineers expect that the repair of the nine pillars will take until the end of the spring.",
    "Ferries to the islands leave from the south quay until the work is done, the mayor said.",
)
LEAD = f"{STORY[0]} three of its pillars."


def page(*paragraphs: str, head: str = "", title: str = "North pier closed", h1: str = "") -> str:
    body = "".join(f"<p>{each}</p>" for each in paragraphs)
    heading = f"<h1>{h1}</h1>" if h1 else ""
    return (
        f'<html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><main><article>{heading}{body}</article></main></body></html>"
    )


def story(*more: str, **about: str) -> ExtractedText:
    return extract_page(page(LEAD, *STORY[1:], *more, **about))


def aside(text: str, outlet: str = "", repeated: frozenset[str] = frozenset()) -> list[str]:
    return [text[slice(*item.span)] for item in find_boilerplate(text, outlet, repeated)]


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        (("This article is for subscribers only.", "Choose your plan."), "is behind a paywall"),
        (("Dieser Artikel ist nur für Abonnenten. Jederzeit kündbar.",), "is behind a paywall"),
        (("Cet article est réservé aux abonnés. Sans engagement.",), "is behind a paywall"),
        (("Contenido exclusivo para suscriptores del diario.",), "is behind a paywall"),
        (("Contenuto riservato agli abbonati. Disdici quando vuoi.",), "is behind a paywall"),
        (("Conteúdo exclusivo para assinantes do jornal.",), "is behind a paywall"),
        (("Dit artikel is alleen voor abonnees van de krant.",), "is behind a paywall"),
        (("Ten artykuł jest dostępny tylko dla prenumeratorów.",), "is behind a paywall"),
        (("Материал доступен только по подписке.",), "is behind a paywall"),
        (("Матеріал доступний лише за передплатою.",), "is behind a paywall"),
        (("We use cookies to show you adverts.",), "shows only a request for consent"),
        (("Please sign in to continue to this site.",), "shows only a request to sign in"),
        (("Please verify that you are not a robot.",), "shows only a check for robots"),
        (("Bitte bestätigen Sie, dass Sie kein Roboter sind.",), "shows only a check for robots"),
        (("Please enable JavaScript.",), "shows only a request to enable JavaScript"),
        (("The page you are looking for was not found.",), "says that the page does not exist"),
    ],
)  # fmt: skip
def test_a_page_that_is_only_a_wall_is_refused_as_what_it_is(
    lines: tuple[str, ...], reason: str
) -> None:
    with pytest.raises(ExtractionError) as refused:
        extract_page(page(*lines, title="Harbour Courier"))
    assert refused.value.message == reason


def test_a_wall_below_the_beginning_is_set_aside_and_the_page_an_excerpt() -> None:
    wall = "To continue reading this article you need a subscription."
    found = extract_page(page(LEAD, wall, "Already a subscriber? Log in."))
    assert found.is_excerpt
    assert aside(found.text) == [wall, "Already a subscriber? Log in."]


def test_what_a_page_says_of_its_access_counts_only_where_the_text_is_short() -> None:
    data = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "North pier'
        ' closed", "isAccessibleForFree": false}</script>'
    )
    assert story(head=data).is_excerpt
    assert not story().is_excerpt
    assert not extract_page(page(*[f"{LEAD} {n}." for n in range(30)], head=data)).is_excerpt


@pytest.mark.parametrize(
    "line",
    [
        "A hacker denied access to the site of the ministry for nine hours on Sunday.",
        "Finland will become a member today, and Sweden hopes to follow.",
        "The court ruled on the use of cookies by Harbour Media in May.",
        "The union said that it would subscribe to the plan of the ministers.",
        "About half of the ships were already members of the fleet.",
        "She follows the talks from Telna, where she is the reporter of the Courier.",
    ],
)
def test_a_story_about_such_things_is_a_story(line: str) -> None:
    assert aside(f"{LEAD}\n{STORY[1]}\n{line}\n{STORY[2]}") == []


@pytest.mark.parametrize(
    "line",
    [
        "Sign up for our free evening newsletter.",
        "Follow the Courier on Facebook and Instagram.",
        "Like this story? Send it to a friend!",
        "Ann Moss contributed to this report.",
        "If you buy something through a link, we may earn a commission.",
        "Have a tip? Ann Moss may be reached at amoss@courier.example.",
        "Ann Moss is a reporter at the Courier.",
        "We use cookies on this site.",
    ],
)
def test_lines_of_the_outlet_are_set_aside(line: str) -> None:
    assert aside(f"{LEAD}\n{STORY[1]}\n{STORY[2]}\n{line}") == [line]


@pytest.mark.parametrize(
    ("sentence", "line"),
    [
        ("Der Pier ist seit Montag gesperrt, und die Fähren fahren nicht mehr von dort.",
         "Jetzt den Newsletter abonnieren!"),
        ("La jetée est fermée depuis lundi et les bateaux ne partent plus du nord.",
         "Abonnez-vous à notre newsletter pour suivre le port."),
        ("Причал закрыт с понедельника, и паромы больше не ходят на острова.",
         "Подписывайтесь на наш канал в Telegram."),
    ],
)  # fmt: skip
def test_lines_of_the_outlet_are_set_aside_in_the_language_of_the_text(
    sentence: str, line: str
) -> None:
    assert aside(f"{sentence}\n{sentence}\n{line}") == [line]


def test_links_below_their_head_are_set_aside_up_to_a_sentence() -> None:
    links = ["You may also like", "Nine wrecks found off Telna", "Ferry fares rise again"]
    assert aside("\n".join([LEAD, STORY[1], *links, STORY[2]])) == links


def test_the_portrait_of_a_company_ends_its_press_release() -> None:
    portrait = ["About Velmar", "Velmar builds piers.", "Contact: press@velmar.example"]
    text = "\n".join([LEAD, *STORY[1:], *portrait])
    assert aside(text) == portrait
    assert aside("\n".join(["About Velmar", *[LEAD] * 5])) == []


def test_the_outlet_may_describe_itself_at_the_end() -> None:
    line = "Velmar is a builder of piers and bridges with offices in nine ports."
    assert aside(f"{LEAD}\n{STORY[1]}\n{line}", "velmar.example") == [line]
    assert aside(f"{LEAD}\n{STORY[1]}\n{line}", "Courier") == []


def test_lines_that_end_several_pages_of_an_outlet_are_set_aside() -> None:
    line = "Velmouth is a town of nine thousand people on the northern coast."
    pages = [f"{LEAD}\n{STORY[1]}\n{line}", f"{STORY[2]}\nAll other is new here.\n{line}"]
    assert repeated_lines(pages) == {line}
    assert aside(pages[0], repeated=repeated_lines(pages)) == [line]
    assert repeated_lines([pages[0], f"{pages[0]}\nOne more line, later."]) == frozenset()


def test_a_box_of_links_inside_a_sentence_is_no_part_of_it() -> None:
    box = (
        '<span class="card">Ines Vole<a href="/1">Vole rejects the budget</a>'
        ' <a href="/2">More on Vole</a></span>'
    )
    found = extract_page(
        page(f"Mayor Ines Vole{box} said on Monday that the pier is closed.", LEAD)
    )
    assert "Mayor Ines Vole said on Monday that the pier is closed." in found.text


def test_a_headline_that_only_links_elsewhere_is_no_part_of_the_story() -> None:
    found = story('<a href="/3">Nine wrecks found off the coast of Telna</a>')
    assert "wrecks" not in found.text
    assert STORY[2] in found.text


@pytest.mark.parametrize(
    ("title", "h1", "head"),
    [
        ("North pier closed | Harbour Courier", "North pier closed", ""),
        ("North pier closed - Harbour Courier", "",
         '<meta property="og:site_name" content="Harbour Courier">'),
        ("Courier", "Harbour Courier",
         '<meta property="og:title" content="North pier closed">'
         '<meta property="og:site_name" content="Harbour Courier">'),
    ],
)  # fmt: skip
def test_a_title_comes_without_the_name_of_the_site(title: str, h1: str, head: str) -> None:
    assert story(title=title, h1=h1, head=head).title == "North pier closed"


def test_the_headline_is_the_first_line_of_the_snapshot_once() -> None:
    shown = story(h1="North pier closed").text.split("\n")
    assert shown[:2] == ["North pier closed", LEAD]
    assert shown.count("North pier closed") == 1
    assert story(title="Courier").text.startswith(LEAD)


KINDS = [
    ("OpinionNewsArticle", "opinion"),
    ("SatiricalArticle", "satire"),
    ("AdvertiserContentArticle", "sponsored"),
    ("LiveBlogPosting", "live_blog"),
    ("NewsArticle", None),
]


@pytest.mark.parametrize(("schema_type", "kind"), KINDS)
def test_the_type_of_an_article_is_its_kind(schema_type: str, kind: str | None) -> None:
    data = f'<script type="application/ld+json">{{"@type": "{schema_type}"}}</script>'
    assert story(head=data).kind == kind


@pytest.mark.parametrize(
    ("about", "kind"),
    [
        ({"url": "https://news.example/opinion/2026/pier"}, "opinion"),
        ({"url": "https://news.example/press-releases/pier"}, "press_release"),
        ({"url": "https://theonion.com/pier"}, "satire"),
        ({"title": "Kommentar: Der Pier"}, "opinion"),
        ({"title": "Live updates: pier closed"}, "live_blog"),
        ({"text": f"VELMOUTH, Nov. 3, 2026 /PRNewswire/ -- {LEAD}"}, "press_release"),
        ({"text": f"Sponsored\n{LEAD}"}, "sponsored"),
        ({"text": f"{LEAD}\nThe views expressed are those of the author."}, "opinion"),
        ({"text": f"{LEAD}\nThis article is satire."}, "satire"),
        ({"text": f"{LEAD} The film is a satire on ports, a press release says."}, None),
        ({"title": "Opinion poll: most want the pier"}, None),
        ({"title": "Satire on trial: court hears cartoonist"}, None),
        ({"url": "https://news.example/politics/the-opinion-of-the-court"}, None),
    ],
)
def test_the_kind_of_an_article_is_read_from_labels_and_not_from_its_subject(
    about: dict[str, str], kind: str | None
) -> None:
    article = Article.of(about.get("text", LEAD), url=about.get("url"), title=about.get("title"))
    assert [each.kind for half in select_news([article]) for each in half] == [kind]


def test_satire_is_set_aside_and_opinions_beside_reports() -> None:
    report, satire, opinion = (
        Article.of(f"{LEAD} {n}", title=title)
        for n, title in enumerate(["Pier closed", "Satire: pier sues sea", "Opinion: mend it"])
    )
    news, rest = select_news([report, satire, opinion])
    assert [each.title for each in news] == ["Pier closed"]
    assert [each.kind for each in rest] == ["satire", "opinion"]
    assert [each.kind for each in select_news([satire, opinion])[0]] == ["opinion"]


def test_the_html_part_of_a_mail_is_read_where_the_plain_one_only_points_to_it() -> None:
    mail = (
        "From: Courier <news@courier.example>\nSubject: Today\nMIME-Version: 1.0\n"
        'Content-Type: multipart/alternative; boundary="B"\n\n--B\n'
        "Content-Type: text/plain\n\nView this mail online: https://courier.example/1\n\n"
        f"--B\nContent-Type: text/html\n\n{page(LEAD, *STORY[1:])}\n--B--\n"
    )
    assert LEAD in read_mail(mail.encode()).text


def test_zero_bytes_do_not_make_a_page_binary() -> None:
    html = page(LEAD, *STORY[1:]).replace("<p>", "\0<p>", 1).encode()
    assert LEAD in extract_page(html).text


def test_a_date_may_be_counted_in_seconds() -> None:
    published = parse_published("1795500000")
    assert published is not None
    assert published.isoformat() == "2026-11-24T06:00:00+00:00"


def test_the_mark_of_an_author_ends_no_teaser() -> None:
    last = (
        "Bürgermeisterin Vole dankte am Abend allen Helfern, die Planken getragen, Suppe gekocht"
        " und ältere Nachbarn in die Turnhalle begleitet haben. (av)"
    )
    text = f"Am Montag wurde der Pier gesperrt.\nTaucher fanden Risse.\nFähren fahren.\n{last}"
    assert aside(text) == ["(av)"]


def test_an_article_that_a_script_would_draw_is_read_from_its_data() -> None:
    sentences = [f"The port of Marlow closed lock {n} on Monday, the city said." for n in range(4)]
    body = "".join(f"<p>{each}</p>" for each in sentences)
    data = json.dumps({"props": {"page": [{"id": 7, "short": "<p>a</p>"}, {"body": body}]}})
    html = (
        '<html lang="en"><head><title>Lock closed</title></head><body><div id="app"></div>'
        f'<script type="application/json">{data}</script></body></html>'
    )
    page = extract_page(html, "https://www.post.example/lock")
    assert [each for each in sentences if each in page.text] == sentences
    assert page.publisher == "post.example"
    with pytest.raises(ExtractionError, match="holds no article text"):
        extract_page(html.replace("</p>", ""))
