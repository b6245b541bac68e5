"""Screenshots of the AWS console: written anew from whatever staff upload, shown in the place of an illustration."""

import io
import struct
import zlib
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import translation
from PIL import Image, PngImagePlugin

from networking.actions.screenshots import keep_screenshot
from networking.models import Screenshot
from networking.pictures import LARGEST, WIDEST, Picture, UnfitPicture, picture
from networking.states import PeeringStep
from networking.templatetags.screenshots import screenshot_for
from portal.accounts.formkeys import new_key
from tests.people import People, Person, sign_in

UPLOAD = "admin:networking_screenshot_upload"
STEP = PeeringStep.ACCEPTANCE


def encoded(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "red" if mode != "P" else 1).save(out, kind, **more)
    return out.getvalue()


def opened(made: Picture) -> Image.Image:
    return Image.open(io.BytesIO(made.png))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says to be this large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_comes_out_is_a_png_of_the_same_pixels(kind: str) -> None:
    made = picture(encoded(kind))
    with opened(made) as seen:
        assert (seen.format, seen.size, seen.mode, (made.width, made.height)) == ("PNG", (40, 30), "RGB", (40, 30))
        red, green, blue = seen.getpixel((5, 5))  # type: ignore[misc]
    assert (red > 250, green < 5, blue < 5) == (True, True, True)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_other_colour_models_are_taken(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (8, 8)).save(out, "PNG")
    with opened(picture(out.getvalue())) as seen:
        assert seen.mode in {"RGB", "RGBA"}


def test_nothing_but_the_pixels_stays() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "secret-of-the-photographer")
    exif = Image.Exif()
    exif[0x010E] = "secret-of-the-camera"
    exif[0x0112] = 6  # turned by a quarter
    made = picture(encoded(pnginfo=notes, exif=exif, icc_profile=b"secret-profile", dpi=(300, 300)))
    assert b"secret" not in made.png
    with opened(made) as seen:
        assert (seen.size, seen.info) == ((30, 40), {})


def test_a_second_file_behind_the_picture_is_left_behind() -> None:
    made = picture(encoded() + b"<script>alert(1)</script>PK\x03\x04")
    assert b"alert(1)" not in made.png
    assert made.png.endswith(b"IEND\xaeB`\x82")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data",
    [
        b"", b"GIF89a", SVG, b"%PDF-1.7", b"\x89PNG\r\n\x1a\n", encoded()[:60], encoded("JPEG")[:200],
        encoded("GIF"), encoded("BMP"), encoded("TIFF"), encoded("ICO", (16, 16)), b"RIFF\x10\0\0\0WEBPVP8 ",
        b"<!doctype html>" + encoded(), b"\xff\xd8\xff\xe0" + b"\0" * 400,
    ],
)  # fmt: skip
def test_what_is_no_such_picture_is_refused_with_what_would_be_right(data: bytes) -> None:
    with pytest.raises(UnfitPicture, match="Save the screenshot as PNG"):
        picture(data)


@pytest.mark.parametrize(
    "data",
    [bomb(50_000, 50_000), bomb(4_001, 10), bomb(10, 2_000_000_000), encoded(size=(WIDEST + 1, 1))],
)
def test_a_picture_that_says_to_be_huge_is_refused_before_it_is_unpacked(data: bytes) -> None:
    with pytest.raises(UnfitPicture, match="4000 pixels"):
        picture(data)


def test_a_text_in_a_png_that_unpacks_to_much_is_refused() -> None:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Comment", "x" * 5_000_000, zip=True)
    with pytest.raises(UnfitPicture):
        picture(encoded(pnginfo=notes))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_picture_that_moves_is_refused(kind: str) -> None:
    with pytest.raises(UnfitPicture, match="stands still"):
        picture(animated(kind))


def test_a_file_of_more_than_two_mebibytes_is_refused() -> None:
    with pytest.raises(UnfitPicture, match="2 MiB"):
        picture(encoded() + b"\0" * LARGEST)


# The desk


def upload(person: Person, data: bytes, **more: Any) -> HttpResponse:
    sent = {
        "picture": SimpleUploadedFile("<b>.svg", data, "image/svg+xml"), "step": STEP, "language": "en",
        "caption": "the list of peering connections", "form_key": new_key(), **more,
    }  # fmt: skip
    return person.post(reverse(UPLOAD), sent)


def row() -> Screenshot:
    found: Screenshot = Screenshot.objects.get()
    return found


def address_of(shot: Screenshot) -> str:
    return f"{reverse('networking:screenshot', args=[shot.step, shot.language])}?v={shot.pk}"


def kept(people: People, language: str = "en") -> Screenshot:
    assert people.staff.user is not None
    made = picture(encoded())
    return keep_screenshot(
        step=STEP, language=language, caption="the list of <peerings>", picture=made, by=people.staff.user
    )


def test_staff_upload_a_picture_and_it_is_shown_and_logged(people: People) -> None:
    assert "enctype" in people.staff.get(reverse(UPLOAD)).content.decode()
    answer = upload(people.staff, encoded("JPEG"))
    assert answer.status_code == 302
    assert (row().step, row().language, row().uploaded_by) == (STEP, "en", people.staff.user)
    page = people.staff.get(answer["Location"]).content.decode()
    assert address_of(row()) in page
    assert LogEntry.objects.filter(object_id=str(row().pk), user=people.staff.user).count() == 1
    assert reverse(UPLOAD) in people.staff.get(reverse("admin:networking_screenshot_changelist")).content.decode()


def test_a_new_picture_replaces_the_one_before_in_its_language_alone(people: People) -> None:
    japanese, before = kept(people, "ja"), kept(people)
    upload(people.staff, encoded())
    assert not Screenshot.objects.filter(pk=before.pk).exists()
    assert Screenshot.objects.filter(pk=japanese.pk).exists()
    assert Screenshot.objects.count() == 2


def test_staff_remove_a_picture_after_being_asked(people: People) -> None:
    shot = kept(people)
    pressing = reverse("admin:networking_screenshot_press", args=[shot.pk, "remove"])
    assert "illustration again" in people.staff.get(pressing).content.decode()
    answer = people.staff.post(pressing, {"form_key": new_key()})
    assert answer["Location"] == reverse("admin:networking_screenshot_changelist")
    assert not Screenshot.objects.exists()
    assert LogEntry.objects.filter(object_id=str(shot.pk)).exists()
    assert people.staff.post(pressing, {"form_key": new_key()}).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"step": "final"}, {"step": ""}, {"language": "xx"}, {"caption": ""}, {"caption": "x" * 201},
        {"caption": "a\u202eb"}, {"picture": ""}, {"picture": SimpleUploadedFile("a.png", SVG, "image/png")},
        {"picture": SimpleUploadedFile("a.png", b"\0" * (LARGEST + 1), "image/png")},
        {"picture": [SimpleUploadedFile("a.png", encoded()), SimpleUploadedFile("b.png", encoded())]},
    ],
)  # fmt: skip
def test_a_form_that_does_not_fit_gets_422_and_keeps_nothing(people: People, changes: dict[str, Any]) -> None:
    answer = upload(people.staff, encoded(), **changes)
    assert (answer.status_code, "errorlist" in answer.content.decode()) == (422, True)
    assert "alert(1)" not in answer.content.decode()
    assert not Screenshot.objects.exists()


def test_only_staff_with_a_second_factor_and_a_token_upload(people: People) -> None:
    for person in (people.owner, people.stranger, people.anonymous):
        assert upload(person, encoded()).status_code == 302
    assert people.staff.user is not None
    assert upload(Person(people.staff.user, sign_in(people.staff.user)), encoded()).status_code == 302
    strict = sign_in(people.staff.user, mfa=True, client=Client(enforce_csrf_checks=True))
    assert upload(Person(people.staff.user, strict), encoded()).status_code == 403
    assert upload(people.staff, encoded(), form_key="").status_code == 409
    assert not Screenshot.objects.exists()


# On pages


def test_anybody_with_the_address_gets_the_picture_for_ever(people: People) -> None:
    shot = kept(people)
    answer = people.anonymous.get(address_of(shot))
    assert (answer.status_code, answer["Content-Type"], answer.content) == (200, "image/png", bytes(shot.picture))
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_no_other_address_leads_to_it(people: People) -> None:
    shot = kept(people)
    bare = reverse("networking:screenshot", args=[STEP, "en"])
    japanese = reverse("networking:screenshot", args=[STEP, "ja"])
    for address in (bare, f"{bare}?v=1", f"{bare}?v={uuid4()}", f"{japanese}?v={shot.pk}"):
        assert people.owner.get(address).status_code == 404
    kept(people)
    assert people.owner.get(address_of(shot)).status_code == 404


class Remedy:
    """As much of one as the illustration reads."""

    codes = ("peering.accepted",)
    page: Any = type("Page", (), {
        "service": "VPC", "crumbs": ("Peering connections",), "region": "us-east-1", "account": "", "button": "Accept",
        "button_mark": 1, "fields": (),
    })()  # fmt: skip


def shown(language: str) -> str:
    with translation.override(language):
        return render_to_string("networking/_console_page.html", {"remedy": Remedy})


def test_it_takes_the_place_of_the_illustration_in_its_language_alone(people: People) -> None:
    assert 'class="console-screen"' in shown("en")
    shot = kept(people)
    page = shown("en")
    assert f'src="{address_of(shot)}"' in page
    assert 'alt="Screenshot of the list of &lt;peerings&gt;"' in page
    assert 'class="console-screen"' not in page
    assert 'class="console-screen"' in shown("ja")


def test_what_is_no_step_of_a_peering_costs_no_query(people: People, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert screenshot_for(("subnets.tags",)) is None
    kept(people)
    with django_assert_num_queries(1):
        assert screenshot_for(("peering.accepted",)) is not None
