"""Sentences that are stored are stored in every language, so that each reader gets their own."""

from collections.abc import Callable

from django.conf import settings
from django.utils import translation

#: A stored sentence: language code → text.
Spoken = dict[str, str]


def in_every_language[T](say: Callable[[], T]) -> dict[str, T]:
    """What `say` answers under each of the portal's languages."""
    answers: dict[str, T] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            answers[code] = say()
    return answers


def spoken(say: Callable[[], object]) -> Spoken:
    """The text of `say()` in each language; `say` is called once per language, so it translates inside."""
    return {code: str(text) for code, text in in_every_language(say).items()}


def heard[T](answers: dict[str, T] | None, empty: T) -> T:
    """The answer in the reader's language, else in English, else `empty`."""
    if not answers:
        return empty
    language = translation.get_language() or settings.LANGUAGE_CODE
    for code in (language, language.split("-")[0], settings.LANGUAGE_CODE):
        if code in answers:
            return answers[code]
    return empty
