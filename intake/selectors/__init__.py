"""What the front door reads, by subject."""

from intake.selectors.enquiries import (
    STRANDED_AFTER,
    enquiry_by_token,
    open_draft,
    said_so_far,
    stranded_enquiries,
)
from intake.selectors.guides import approvals_of, guide_versions, public_guide, public_guides
from intake.selectors.lines import StaffLines, help_lines, known_words, lines_for_staff, local_words
from intake.selectors.rules import current_rule_set
from intake.selectors.site import default_site, known_phone
from intake.selectors.texts import caller_texts, said_here, text_versions, wordings

__all__ = [
    "STRANDED_AFTER",
    "StaffLines",
    "approvals_of",
    "caller_texts",
    "current_rule_set",
    "default_site",
    "enquiry_by_token",
    "guide_versions",
    "help_lines",
    "known_phone",
    "known_words",
    "lines_for_staff",
    "local_words",
    "open_draft",
    "public_guide",
    "public_guides",
    "said_here",
    "said_so_far",
    "stranded_enquiries",
    "text_versions",
    "wordings",
]
