"""A remedy from its pieces: every form of it, and the way back of each."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from networking.remedies import piece_guides, piece_scripts, piece_stacks, piece_terraform, piece_undoings, sheets
from networking.remedies.pieces import Attachment, ChangedAssociation, ChangedRoute, Made, of_kind
from networking.remedies.shapes import Remedy, Written
from networking.remedies.sheets import Sheet
from portal.aws.facts.networks import VpcNetwork


@dataclass(frozen=True, kw_only=True)
class Draft:
    """What a remedy says of itself; its forms follow from `pieces`. `shown` is the piece whose console page is drawn.

    `stack` is the name of the CloudFormation stack. `console` replaces the pages of the pieces where the console has a
    way of its own. The notes are said beside the forms, after what follows from the pieces.
    """

    key: str
    codes: tuple[str, ...]
    title: str
    effect: str
    resources: tuple[str, ...]
    pieces: tuple[Made, ...]
    shown: Made
    stack: str
    order: int
    console: tuple[Sheet, ...] = ()
    undo_console: str = ""
    cli_note: str = ""
    terraform_note: str = ""
    stack_note: str = ""
    needs_decision: bool = False


def assembled(network: VpcNetwork, draft: Draft) -> Remedy:
    """The remedy."""
    pages = draft.console or piece_guides.sheets(network, draft.pieces)
    shown = pages[0] if draft.console else next(iter(piece_guides.sheets_of(draft.shown, network)))
    return Remedy(
        key=draft.key,
        codes=draft.codes,
        title=draft.title,
        effect=draft.effect,
        account=network.account,
        region=network.region,
        resources=draft.resources,
        console=sheets.items(pages),
        page=sheets.page(network, pages, shown),
        undo_console=draft.undo_console or piece_guides.undo_sentence(draft.pieces),
        cli=_cli(network, draft),
        terraform=_terraform(network, draft),
        cloudformation=_cloudformation(network, draft),
        order=draft.order,
        needs_decision=draft.needs_decision,
    )


def _cli(network: VpcNetwork, draft: Draft) -> Written:
    undo = piece_undoings.undo_script(network, _undone(draft), draft.pieces)
    return Written(text=piece_scripts.script(network, draft.title, draft.pieces), undo=undo, note=draft.cli_note)


def _undone(draft: Draft) -> str:
    return _("Takes back: %(title)s") % {"title": draft.title}


def _terraform(network: VpcNetwork, draft: Draft) -> Written:
    where = _("Use the provider of account %(account)s and region %(region)s.")
    note = where % {"account": network.account, "region": network.region}
    text = piece_terraform.configuration(network, draft.title, draft.pieces)
    before = piece_terraform.before(network, _undone(draft), draft.pieces)
    note = " ".join(filter(None, [note, *_own_list_notes(draft.pieces), draft.terraform_note]))
    if _changes(draft.pieces):
        return Written(text=text, undo=before, note=f"{note} {_import_note()}")
    undo = _("Delete these blocks and run terraform apply: Terraform deletes what it made.")
    return Written(text=text, undo=undo, undo_is_code=False, note=note)


def _own_list_notes(pieces: Sequence[Made]) -> Iterator[str]:
    said = _(
        "Where your Terraform manages %(endpoint)s with route_table_ids, add the new table to that list instead: the "
        "two ways undo each other."
    )
    endpoints = (piece.endpoint for piece in of_kind(pieces, Attachment) if piece.endpoint)
    return (said % {"endpoint": endpoint} for endpoint in dict.fromkeys(endpoints))


def _import_note() -> str:
    return _(
        "The import blocks need Terraform 1.5. Where your Terraform manages these routes or associations already, "
        "change them there instead. To take it back put the other file in its place, run terraform apply, then take "
        "its addresses out of the state with terraform state rm."
    )


def _changes(pieces: Sequence[Made]) -> tuple[ChangedAssociation | ChangedRoute, ...]:
    return tuple(piece for piece in pieces if isinstance(piece, ChangedAssociation | ChangedRoute))


def _cloudformation(network: VpcNetwork, draft: Draft) -> Written:
    values = {"stack": draft.stack, "region": network.region, "account": network.account}
    text = piece_stacks.template(network, draft.title, draft.pieces)
    if all(isinstance(piece, ChangedRoute) or piece.is_found for piece in draft.pieces):
        return _fragment(draft, text)
    notes = [_("Launch it as the new stack %(stack)s in region %(region)s of account %(account)s.") % values]
    changed = _changes(draft.pieces)
    if any(piece.endpoint for piece in of_kind(draft.pieces, Attachment)):
        notes.append(_further_endpoint_note())
    if changed:
        notes.append(_fragment_note())
    undo = _("Delete the stack %(stack)s: what it made goes with it.") % values
    if changed:
        undo = f"{_first_back(changed)} {undo}"
    return Written(text=text, undo=undo, undo_is_code=False, note=" ".join(filter(None, [*notes, draft.stack_note])))


def _fragment(draft: Draft, text: str) -> Written:
    """Nothing is new, so no stack of its own can do it."""
    note = _(
        "CloudFormation changes only what a stack owns. Merge this into the template of the stack that made the "
        "routes, under its own logical ids, and update that stack. If no stack made them, take another form."
    )
    undo = _("Write what stood there before into that template again and update the stack. What stood there: %(acts)s")
    acts = piece_guides.undo_sentence(draft.pieces)
    return Written(text=text, undo=undo % {"acts": acts}, undo_is_code=False, note=note)


def _further_endpoint_note() -> str:
    return _(
        "A stack cannot change an endpoint that it does not own, so this makes a further S3 gateway endpoint for the "
        "new table; AWS allows several in a VPC, each with other tables."
    )


def _fragment_note() -> str:
    return _(
        "CloudFormation cannot replace an association or a route that this stack does not own. Put the part at the end "
        "of the template into the stack that owns it, or do that one step in the console."
    )


def _first_back(changed: Sequence[Made]) -> str:
    return _("First: %(acts)s") % {"acts": piece_guides.undo_sentence(changed)}
