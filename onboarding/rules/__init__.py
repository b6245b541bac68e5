"""Rule profiles as versioned data: what a deployment must look like, with a source and a date, never `if`s in
code.
"""

from onboarding.rules.profiles import DEFAULT_PROFILE, Profile, UnknownProfile, profile, profile_names

__all__ = ["DEFAULT_PROFILE", "Profile", "UnknownProfile", "profile", "profile_names"]
