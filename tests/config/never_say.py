"""Words that no translation may have (SAFETY, "Never say"): stigma, empty promises, grades of risk."""

import re

NEVER_IN = {
    "cy": re.compile(r"\bbudr|\bjync|adict|caethyn\b|risg isel|yn gwbl gyfrinachol", re.IGNORECASE),
    "pl": re.compile(r"narkoman|ćpun|alkoholik|\bbrudn|niskie ryzyko|wszystko jest poufne", re.IGNORECASE),
    "ro": re.compile(
        r"drogat|dependenți?\b(?! de)|\bmurdar|risc scăzut|totul este confidențial", re.IGNORECASE
    ),
    "ar": re.compile(r"مدمن|قذر|خطر منخفض|كل شيء سري"),
}
