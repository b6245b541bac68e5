"""How an action says no."""


class ActionRefused(ValueError):
    """What was asked cannot be done now; the text is a sentence for the person who asked."""


class InvitationClosed(ActionRefused):
    """The invitation was used, revoked, has expired, or is not for this person. Nobody is told which."""
