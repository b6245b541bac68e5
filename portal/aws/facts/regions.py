"""Regions, as `ec2:DescribeRegions` with `AllRegions` lists them."""

from dataclasses import dataclass
from typing import Self

from portal.aws.facts.shapes import Document, Fact, required, text


@dataclass(frozen=True, kw_only=True)
class RegionFact(Fact):
    """`opt_in_status` is `opt-in-not-required`, `opted-in`, `not-opted-in`, or empty when AWS did not say."""

    name: str
    opt_in_status: str = ""

    @property
    def enabled(self) -> bool | None:
        """Whether the account can use the region; None when AWS did not say."""
        if not self.opt_in_status:
            return None
        return self.opt_in_status in {"opt-in-not-required", "opted-in"}

    @classmethod
    def from_aws(cls, document: Document) -> Self:
        """One entry of `Regions`. Raises `IncompleteAnswerError` without a name."""
        return cls(name=required(document, "RegionName"), opt_in_status=text(document, "OptInStatus"))
