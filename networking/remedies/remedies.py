"""All remedies of one look, and the one script that carries them out.

A maker is a function `(network, subnet_ids, findings, profile) -> Iterable[Remedy]`: it reads the failed findings and
gives one remedy per cause. Three rules hold between the makers:

1. Where the VPC is missing or belongs to another account (`scope.in_place` is false), only new_vpc speaks: a new VPC
   settles every failed code, and its `codes` say so. Nothing can be mended in a VPC that is not the customer's own.
2. s3_endpoint attaches the tables that the chosen subnets follow today. A maker that gives a subnet another table
   attaches that table itself, with `s3_endpoint.attachment`, which finds the endpoint when the script runs.
3. new_subnets and new_vpc put the tags of the profile on what they make.
"""

from collections.abc import Callable, Iterable, Sequence

from django.utils.translation import gettext as _

from networking.checks.judge import judge_vpc
from networking.remedies import dns, egress, new_subnets, new_vpc, private_tables, s3_endpoint, shell, tagging
from networking.remedies.shapes import Remedy
from onboarding.rules.profiles import Profile
from portal.aws.facts.networks import VpcNetwork
from portal.findings.shapes import Finding

type Maker = Callable[[VpcNetwork, Sequence[str], Sequence[Finding], Profile], Iterable[Remedy]]

_MAKERS: tuple[Maker, ...] = (
    new_vpc.remedies,
    dns.remedies,
    s3_endpoint.remedies,
    new_subnets.remedies,
    private_tables.remedies,
    egress.remedies,
    tagging.remedies,
)


def remedies_for(network: VpcNetwork, subnet_ids: Sequence[str], *, profile: Profile) -> tuple[Remedy, ...]:
    """The remedies of everything that failed, in the order in which one script carries them out.

    What is unknown has no remedy but the permission that its finding names.
    """
    findings = judge_vpc(network, subnet_ids, profile=profile)
    made = (remedy for maker in _MAKERS for remedy in maker(network, subnet_ids, findings, profile))
    return tuple(sorted(made, key=lambda remedy: (remedy.order, remedy.key)))


def everything(remedies: Sequence[Remedy], *, last: str = "") -> str:
    """One POSIX shell script of all AWS CLI forms, in order; it stops at the first call that AWS refuses.

    Each part says what it does before it does it. The script refuses to run in another account. `last` is the sentence
    with which it ends, once all is done.
    """
    parts = [_part(number, len(remedies), remedy) for number, remedy in enumerate(remedies, 1)]
    done = last or _("Done. Press «Look again» on the page of your VPC.")
    last = done if remedies else _("Nothing has to be mended.")
    return shell.script("#!/bin/sh", "set -eu\nexport AWS_PAGER=''", *_guards(remedies), *parts, shell.said(last))


def _guards(remedies: Sequence[Remedy]) -> Iterable[str]:
    for account, region in dict.fromkeys((remedy.account, remedy.region) for remedy in remedies):
        wrong = _("This script is for account %(account)s. The credentials in use belong to another one.")
        # A shell need not have a region of its own, and STS has one in each.
        caller = f"CALLER=$(aws sts get-caller-identity --region {shell.quoted(region)} --query Account --output text)"
        refusal = f"{shell.said(wrong % {'account': account})} >&2\nexit 1"
        yield f"{caller}\n" + shell.branch(f'"$CALLER" != {shell.quoted(account)}', refusal)


def _part(number: int, total: int, remedy: Remedy) -> str:
    words = {"number": number, "total": total, "title": remedy.title}
    return f"{shell.said(_('%(number)d of %(total)d: %(title)s') % words)}\n\n{remedy.cli.text}"
