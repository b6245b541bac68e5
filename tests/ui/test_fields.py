"""Our form fields look as crispy-bootstrap5's do, and a long select as Django's does."""

import re
from pathlib import Path

import crispy_bootstrap5
import pytest
from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django import forms
from django.template import Context, Engine, engines
from django.test.html import parse_html
from django.utils.datastructures import MultiValueDict

from portal.accounts.forms import ProfileForm
from portal.accounts.widgets import LongSelect

CHOICES = [("a", "A <b>"), ("b", "B & 'co'"), ('"', "quote")]
ORIGINAL = Path(crispy_bootstrap5.__file__).parent / "templates" / "bootstrap5" / "field.html"


class Sample(forms.Form):
    """One field of each kind that the portal uses."""

    text = forms.CharField(help_text="Say <em>something</em>.", label="Text")
    plain = forms.CharField(required=False, label="")
    area = forms.CharField(widget=forms.Textarea, required=False)
    one = forms.ChoiceField(choices=CHOICES, help_text="One of them.")
    radio = forms.ChoiceField(choices=CHOICES, widget=forms.RadioSelect, help_text="Choose.")
    several = forms.MultipleChoiceField(choices=CHOICES, widget=forms.CheckboxSelectMultiple, required=False)
    tick = forms.BooleanField(label="Tick", help_text="Do.")
    maybe = forms.BooleanField(label="Maybe", required=False)
    secret = forms.CharField(widget=forms.PasswordInput)
    hidden = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def clean(self) -> None:
        raise forms.ValidationError("They do not go together.")


def original(form: forms.Form) -> str:
    """The form by crispy-bootstrap5's own template."""
    engine = engines["django"].engine
    template = Engine(
        dirs=[], libraries=engine.libraries, builtins=engine.builtins,
        loaders=[("django.template.loaders.locmem.Loader", {"bootstrap5/field.html": ORIGINAL.read_text()}),
                 "django.template.loaders.app_directories.Loader"],
    ).get_template("bootstrap5/uni_form.html")  # fmt: skip
    names = {"field_template": "bootstrap5/field.html", "form_show_errors": True, "form_show_labels": True}
    return template.render(Context({"form": form, "field_class": "", "label_class": "", **names}))


def tidy(html: str) -> str:
    """Without differences in blanks between tags."""
    return re.sub(r"\s*([<>])\s*", r"\1", re.sub(r"\s+", " ", html))


@pytest.mark.parametrize(
    "data",
    [None, {}, {"text": "x", "one": "b", "radio": "a", "several": ["a", "b"], "tick": "on", "hidden": "1"}],
)  # fmt: skip
def test_a_field_is_rendered_as_crispys_own_template_does(data: dict[str, object] | None) -> None:
    def bound() -> Sample:
        if data is None:
            return Sample()
        return Sample(MultiValueDict({k: v if isinstance(v, list) else [v] for k, v in data.items()}))

    ours, theirs = tidy(as_crispy_form(bound())), tidy(original(bound()))
    assert len(theirs) > 2000
    assert parse_html(ours) == parse_html(theirs)


@pytest.mark.parametrize("value", [None, "", "a", '"', "unknown"])
@pytest.mark.parametrize(
    "attrs", [{}, {"id": "id_x", "class": "form-select", "required": True, "aria-invalid": "true"}]
)
def test_a_long_select_writes_what_djangos_select_writes(value: str | None, attrs: dict[str, object]) -> None:
    choices = [("", "Choose"), *CHOICES]
    ours, theirs = LongSelect(choices=choices), forms.Select(choices=choices)
    assert parse_html(ours.render("zone", value, attrs)) == parse_html(theirs.render("zone", value, attrs))


def test_the_profile_still_offers_every_zone_and_marks_one(people) -> None:
    page = people.owner.get("/people/profile/").content.decode()
    select = re.search(r'<select[^>]* name="time_zone".*?</select>', page, re.DOTALL)
    assert select is not None
    assert select[0].count("<option") == len(ProfileForm().fields["time_zone"].widget.choices) > 300
    assert re.findall(r'value="([^"]*)" selected', select[0]) == ["UTC"]
