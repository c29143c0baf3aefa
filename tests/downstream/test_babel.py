"""A market in three languages, by Flask-Babel. Its translations are compiled here."""

from __future__ import annotations

import asyncio
import datetime
import typing as t
from pathlib import Path

import pytest
from babel.messages import Catalog
from babel.messages.mofile import write_mo
from flask_babel import (
    Babel,
    Domain,
    force_locale,
    format_currency,
    format_date,
    format_datetime,
    format_decimal,
    format_percent,
    format_time,
    format_timedelta,
    get_locale,
    get_timezone,
    gettext,
    lazy_gettext,
    lazy_ngettext,
    ngettext,
    npgettext,
    pgettext,
    refresh,
    to_user_timezone,
    to_utc,
)

from flask import Flask, abort, flash, get_flashed_messages, redirect, render_template_string, request, session
from flask.testing import FlaskClient

GREETING = lazy_gettext("Hello %(name)s!", name="Ada")
EGGS = lazy_ngettext("%(num)d egg", "%(num)d eggs", 3)

TRANSLATIONS = {
    "de": {
        "Hello %(name)s!": "Hallo %(name)s!",
        "Market": "Markt",
        ("%(num)d egg", "%(num)d eggs"): ("%(num)d Ei", "%(num)d Eier"),
        "No such stall": "Kein solcher Stand",
        "Language was changed": "Die Sprache ist gewechselt",
    },
    "pl": {
        "Hello %(name)s!": "Cześć %(name)s!",
        ("%(num)d egg", "%(num)d eggs"): ("%(num)d jajko", "%(num)d jajka", "%(num)d jajek"),
    },
}
CONTEXTS = {"month": {"May": "Mai"}, "permission": {"May": "Darf"}}

PAGE = """
<h1>{{ _("Market") }}</h1>
<p>{{ greeting }} {{ _("Hello %(name)s!", name=name) }}</p>
{% trans count=count %}{{ count }} stall{% pluralize %}{{ count }} stalls{% endtrans %}
<b>{{ ngettext("%(num)d egg", "%(num)d eggs", count) }}</b>
<i>{{ 12.5|numberformat }}</i> <u>{{ 12.5|currencyformat("EUR") }}</u> <s>{{ day|dateformat("long") }}</s>
"""

MOMENT = datetime.datetime(2026, 3, 29, 18, 5)  # without a timezone: UTC


def compile_translations(folder: Path, domain: str, locale: str, catalog: Catalog) -> None:
    place = folder / locale / "LC_MESSAGES"
    place.mkdir(parents=True, exist_ok=True)
    with (place / f"{domain}.mo").open("wb") as file:
        write_mo(file, catalog)


@pytest.fixture
def translations(tmp_path: Path) -> Path:
    folder = tmp_path / "translations"
    for locale, messages in TRANSLATIONS.items():
        catalog = Catalog(locale)
        for message, translation in messages.items():
            catalog.add(message, translation)
        if locale == "de":
            for context, ambiguous in CONTEXTS.items():
                for message, word in ambiguous.items():
                    catalog.add(message, word, context=context)
            catalog.add(("%(num)d May", "%(num)d Mays"), ("%(num)d Mai", "%(num)d Maie"), context="month")
        compile_translations(folder, "messages", locale, catalog)
    return folder


@pytest.fixture
def babel(app: Flask, translations: Path) -> Babel:
    def select_locale() -> str | None:
        return session.get("language") or request.accept_languages.best_match(["de", "pl", "en"])

    def select_timezone() -> str | None:
        return request.args.get("zone")

    return Babel(app, locale_selector=select_locale, timezone_selector=select_timezone)


@pytest.fixture
def market(app: Flask, babel: Babel, client: FlaskClient, written: t.Any) -> FlaskClient:
    """A client of the market."""

    @app.get("/")
    @written
    def index() -> t.Any:
        given = {"greeting": GREETING, "name": "<Eve>", "count": int(request.args.get("count", 2)), "day": MOMENT}
        return render_template_string(PAGE, **given)

    @app.get("/words")
    @written
    def words() -> t.Any:
        return {
            "lazy": [str(GREETING), GREETING.upper(), GREETING + "!", f"{EGGS}", len(EGGS)],
            "contexts": [pgettext("month", "May"), pgettext("permission", "May"), pgettext("name", "May")],
            "counted": [
                ngettext("%(num)d egg", "%(num)d eggs", 5),
                npgettext("month", "%(num)d May", "%(num)d Mays", 2),
            ],
            "unknown": gettext("Turnips %(price)s", price="1 €"),
            "locale": str(get_locale()),
        }

    @app.get("/formats")
    @written
    def formats() -> t.Any:
        return [
            format_datetime(MOMENT),
            format_date(MOMENT, "full"),
            format_time(MOMENT, "short", rebase=False),
            format_datetime(MOMENT, "EEEE, HH:mm zzzz"),
            format_timedelta(datetime.timedelta(days=3), add_direction=True),
            format_decimal(1234567.891),
            format_currency(1099.98, "EUR"),
            format_percent(0.34),
        ]

    @app.get("/zone")
    @written
    def zone() -> t.Any:
        return [str(get_timezone()), to_user_timezone(MOMENT).isoformat(), to_utc(MOMENT).isoformat()]

    @app.post("/language")
    @written
    def change_language() -> t.Any:
        before = gettext("Market")
        session["language"] = request.form["language"]
        refresh()
        flash(lazy_gettext("Language was changed"))
        return redirect(f"/messages?before={before}")

    @app.get("/messages")
    @written
    def messages() -> t.Any:
        return [request.args["before"], *get_flashed_messages()]

    @app.get("/stalls/<name>")
    @written
    def stall(name: str) -> t.Any:
        abort(404, lazy_gettext("No such stall"))

    @app.post("/mail")
    @written
    def mail() -> t.Any:
        with force_locale("pl"):
            body = gettext("Hello %(name)s!", name="Jan"), str(get_locale())
        return [*body, gettext("Hello %(name)s!", name="Ada"), str(get_locale())]

    return client


def speaking(language: str) -> dict[str, t.Any]:
    return {"headers": {"Accept-Language": language}}


@pytest.mark.parametrize(
    ("language", "parts"),
    [
        (
            "de",
            ["Markt", "Hallo Ada! Hallo &lt;Eve&gt;!", "<b>2 Eier</b>", "12,5", "12,50\xa0€", "29. März 2026"],
        ),
        ("pl", ["Market", "Cześć Ada!", "<b>2 jajka</b>", "12,5", "12,50\xa0€", "29 marca 2026"]),
        ("en", ["Market", "Hello Ada!", "<b>2 eggs</b>", "12.5", "€12.50", "March 29, 2026"]),
    ],
)
def test_a_page_in_each_language(market: FlaskClient, language: str, parts: list[str]) -> None:
    page = market.get("/", **speaking(language)).text
    assert [part for part in parts if part not in page] == []
    assert "2 stalls" in page


def test_counting(market: FlaskClient) -> None:
    counted = {count: market.get(f"/?count={count}", **speaking("pl")).text for count in (1, 3, 5)}
    assert "<b>1 jajko</b>" in counted[1]
    assert "<b>3 jajka</b>" in counted[3]
    assert "<b>5 jajek</b>" in counted[5]
    assert "1 stall\n" in counted[1]


def test_words_in_python(market: FlaskClient) -> None:
    assert market.get("/words", **speaking("de")).json == {
        "lazy": ["Hallo Ada!", "HALLO ADA!", "Hallo Ada!!", "3 Eier", 6],
        "contexts": ["Mai", "Darf", "May"],
        "counted": ["5 Eier", "2 Maie"],
        "unknown": "Turnips 1 €",
        "locale": "de",
    }
    assert market.get("/words").get_json()["lazy"][0] == "Hello Ada!"


def test_formats(market: FlaskClient) -> None:
    assert market.get("/formats?zone=Europe/Berlin", **speaking("de")).json == [
        "29.03.2026, 20:05:00",
        "Sonntag, 29. März 2026",
        "18:05",
        "Sonntag, 20:05 Mitteleuropäische Sommerzeit",
        "in 3 Tagen",
        "1.234.567,891",
        "1.099,98\xa0€",
        "34\xa0%",
    ]


def test_a_format_of_one_s_own(babel: Babel, market: FlaskClient) -> None:
    babel.date_formats["datetime"] = "long"
    babel.date_formats["datetime.long"] = "d MMMM, H:mm"
    response = market.get("/formats?zone=America/New_York")
    assert response.get_json()[0] == "29 March, 14:05"


def test_timezones(market: FlaskClient) -> None:
    utc = "2026-03-29T18:05:00"
    assert market.get("/zone").json == ["UTC", f"{utc}+00:00", utc]
    assert market.get("/zone?zone=Europe/Berlin").json == [
        "Europe/Berlin",
        "2026-03-29T20:05:00+02:00",
        "2026-03-29T16:05:00",
    ]


def test_an_unknown_timezone_is_an_error(market: FlaskClient) -> None:
    assert market.get("/zone?zone=Europe/Atlantis").status_code == 500


def test_a_change_of_language_within_a_request(market: FlaskClient) -> None:
    response = market.post("/language", data={"language": "de"}, follow_redirects=True)
    assert response.json == ["Market", "Die Sprache ist gewechselt"]
    assert "Markt" in market.get("/").text


def test_a_language_for_a_while(market: FlaskClient) -> None:
    assert market.post("/mail", **speaking("de")).json == ["Cześć Jan!", "pl", "Hallo Ada!", "de"]


def test_a_lazy_string_tells_of_an_error(market: FlaskClient) -> None:
    assert "<p>Kein solcher Stand</p>" in market.get("/stalls/7", **speaking("de")).text


def test_a_lazy_string_in_an_own_answer_to_errors(app: Flask, market: FlaskClient, written: t.Any) -> None:
    @app.errorhandler(404)
    @written
    def answer(error: t.Any) -> t.Any:
        return f"{error.description}!", 404

    assert market.get("/stalls/7", **speaking("de")).text == "Kein solcher Stand!"


def test_outside_of_a_request(app: Flask, babel: Babel) -> None:
    assert (get_locale(), str(GREETING)) == (None, "Hello Ada!")
    with force_locale("de"):
        assert str(GREETING) == "Hello Ada!"
    with app.test_request_context(headers={"Accept-Language": "pl"}):
        assert str(GREETING) == "Cześć Ada!"
        assert sorted(map(str, babel.list_translations())) == ["de", "en", "pl"]
    with app.app_context(), force_locale("de"):
        assert str(GREETING) == "Hallo Ada!"


def test_a_domain_beside_the_first(
    app: Flask, market: FlaskClient, translations: Path, written: t.Any, tmp_path: Path
) -> None:
    legal = Catalog("de")
    legal.add("Terms", "Bedingungen")
    compile_translations(tmp_path / "law", "legal", "de", legal)
    domain = Domain(str(tmp_path / "law"), "legal")

    @app.get("/terms")
    @written
    def terms() -> t.Any:
        seen = [gettext("Terms"), domain.gettext("Terms")]
        domain.as_default()
        return [*seen, gettext("Terms"), render_template_string("{{ _('Terms') }}")]

    assert market.get("/terms", **speaking("de")).json == ["Terms", "Bedingungen", "Bedingungen", "Bedingungen"]


@pytest.mark.parametrize("way", ["asgi, thread"], indirect=True)
@pytest.mark.parametrize("written", ["async"], indirect=True)
def test_requests_at_the_same_time_have_each_their_language(app: Flask, market: FlaskClient) -> None:
    both = asyncio.Barrier(2)

    @app.get("/meet")
    async def meet() -> list[str]:
        before = str(GREETING)
        await both.wait()
        return [before, str(GREETING)]

    async def come(language: str) -> t.Any:
        async with app.async_test_client() as client:
            return (await client.get("/meet", **speaking(language))).json

    async def come_both() -> t.Any:
        return await asyncio.wait_for(asyncio.gather(come("de"), come("pl")), 20)

    assert asyncio.run(come_both()) == [["Hallo Ada!"] * 2, ["Cześć Ada!"] * 2]
