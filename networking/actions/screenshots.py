"""Real screenshots of the AWS console, put in the place of an illustration and taken away again by staff."""

from django.db import transaction

from networking.models import Screenshot
from networking.pictures import Picture
from networking.states import PeeringStep
from portal.accounts.models import User


@transaction.atomic
def keep_screenshot(*, step: PeeringStep, language: str, caption: str, picture: Picture, by: User) -> Screenshot:
    """Shows `picture` from now on for the step in that language, instead of the one before.

    A row is never changed: a new picture is a new row with a new id, so that an address once cached stays true.
    """
    Screenshot.objects.filter(step=step, language=language).delete()
    row: Screenshot = Screenshot.objects.create(
        step=step,
        language=language,
        picture=picture.png,
        width=picture.width,
        height=picture.height,
        caption=caption,
        uploaded_by=by,
    )
    return row


@transaction.atomic
def remove_screenshot(*, screenshot: Screenshot) -> bool:
    """Shows the illustration again; False when somebody removed the picture before."""
    removed, _rows = Screenshot.objects.filter(pk=screenshot.pk).delete()
    return bool(removed)
