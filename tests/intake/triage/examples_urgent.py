"""For each rule of E1, E2 and U1: answers that it fires on, and near misses that it must not fire on."""

from typing import Any

from tests.intake.triage.said import took

Example = dict[str, Any]
Examples = dict[str, tuple[list[Example], list[Example]]]


def on(*substances: dict[str, Any], **changes: Any) -> Example:
    return {"substances": list(substances), **changes}


drinks = took("alcohol", amount_per_day=20)
stopped_drinking = took("alcohol", status="stopped", amount_per_day=20, hours_since_last=20)
stopped_diazepam = took("benzodiazepine", status="stopped", hours_since_last=48)
stopped_g = took("ghb_gbl", status="stopped", hours_since_last=5)

EMERGENCIES: Examples = {
    "emergency-unresponsive-breathing": (
        [on(symptoms=["unresponsive_or_slow_breathing"])],
        [on(symptoms=["insomnia"])],
    ),
    "emergency-seizure": ([on(symptoms=["seizure_24h"])], [on(history=["withdrawal_seizure"])]),
    "emergency-overdose-24h": ([on(symptoms=["overdose_24h"])], [on(history=["overdose_30d"])]),
    "emergency-delirium": (
        [
            on(stopped_drinking, symptoms=["confusion"]),
            on(took("gabapentinoid", status="cut_down", hours_since_last=None), symptoms=["hallucinations"]),
            on(took("alcohol", hours_since_last=6), symptoms=["severe_agitation"]),
            on(took("ghb_gbl", hours_since_last=1), symptoms=["confusion"]),
            on(
                took("z_drug", freq="most_days", status="stopped", hours_since_last=900),
                symptoms=["confusion"],
            ),
        ],
        [
            on(took("alcohol", hours_since_last=5.9), symptoms=["confusion"]),
            on(took("alcohol", hours_since_last=None), symptoms=["confusion"]),
            on(took("ghb_gbl", hours_since_last=0.9), symptoms=["confusion"]),
            on(took("benzodiazepine", hours_since_last=5), symptoms=["confusion"]),
            on(took("alcohol", status="medical_detox_done", hours_since_last=90), symptoms=["confusion"]),
            on(took("alcohol", freq="weekly", status="stopped"), symptoms=["confusion"]),
            on(took("opioid", status="stopped"), symptoms=["confusion"]),
            on(stopped_drinking, symptoms=["tremor"]),
            on(drinks, took("alcohol", freq="less", status="stopped"), symptoms=["confusion"]),
        ],
    ),
    "emergency-chest-heat-breath": (
        [on(symptoms=[sign]) for sign in ("chest_pain", "overheating", "severe_breathing_difficulty")],
        [on(symptoms=["palpitations", "sweating"])],
    ),
    "emergency-bleed-head-injury": (
        [on(symptoms=["vomiting_blood"]), on(symptoms=["head_injury_blackout"])],
        [on(symptoms=["vomiting", "blood_in_urine"])],
    ),
    "emergency-suicide-now": (
        [on(suicide="not_safe_now")],
        [on(suicide=other) for other in ("plan_or_means", "thoughts_safe_now", "unknown", "none_disclosed")],
    ),
    "emergency-danger-now": (
        [on(situation=["danger_now"]), on(situation=["child_danger_now"]), on(symptoms=["violence"])],
        [on(situation=["abuse_or_coercion", "children_at_risk"])],
    ),
    "emergency-pregnancy-red-flag": (
        [
            on(pregnancy="yes", symptoms=["pregnancy_bleeding_pain"]),
            on(pregnancy="yes", symptoms=["seizure_24h"]),
        ],
        [
            on(pregnancy="yes", symptoms=["vomiting"]),
            on(pregnancy="unknown", symptoms=["pregnancy_bleeding_pain"]),
            on(pregnancy="postnatal_12m", symptoms=["seizure_24h"]),
        ],
    ),
}

CRISES: Examples = {
    "crisis-suicide-plan": (
        [on(suicide="plan_or_means")],
        [on(suicide="not_safe_now"), on(suicide="unknown")],
    ),
    "crisis-psychosis": (
        [
            on(symptoms=["paranoia_voices"]),
            on(symptoms=["hallucinations"]),
            on(drinks, symptoms=["hallucinations"]),
        ],
        [
            on(stopped_drinking, symptoms=["hallucinations"]),
            on(stopped_drinking, symptoms=["confusion", "paranoia_voices"]),
            on(symptoms=["confusion"]),
        ],
    ),
    "medical-now-wernicke": (
        [on(drinks, symptoms=[sign]) for sign in ("confusion", "double_vision", "unsteady")],
        [
            on(took("alcohol", freq="weekly"), symptoms=["unsteady"]),
            on(took("alcohol", status="medical_detox_done"), symptoms=["unsteady"]),
            on(took("opioid"), symptoms=["unsteady"]),
            on(drinks, symptoms=["tremor"]),
        ],
    ),
    "medical-now-111": (
        [on(symptoms=["jaundice"]), on(symptoms=["vomiting_persistent"])],
        [on(symptoms=["vomiting"])],
    ),
    "ketamine-urinary-red-flag": (
        [
            on(took("ketamine"), symptoms=["cannot_pass_urine"]),
            on(took("ketamine", freq="none", status="stopped"), symptoms=["flank_pain_fever"]),
        ],
        [
            on(took("cocaine"), symptoms=["cannot_pass_urine"]),
            on(took("ketamine"), symptoms=["blood_in_urine"]),
        ],
    ),
    "alcohol-stopped-high-risk": (
        [
            on(stopped_drinking, history=["withdrawal_seizure"]),
            on(stopped_drinking, history=["delirium_tremens"]),
            on(stopped_drinking, history=["epilepsy"]),
            on(took("alcohol", status="stopped", amount_per_day=30)),
            on(stopped_drinking, pregnancy="yes"),
            on(stopped_drinking, age_band="under_16"),
            on(stopped_drinking, age_band="16_17"),
            on(stopped_drinking, age_band="65_plus"),
            on(stopped_drinking, medical=["liver_disease"]),
            on(stopped_drinking, took("benzodiazepine")),
            on(took("alcohol", status="cut_down", hours_since_last=168), history=["epilepsy"]),
            on(took("alcohol", status="stopped", hours_since_last=None), history=["epilepsy"]),
            on(took("alcohol", freq="weekly", status="stopped", amount_per_day=15), history=["epilepsy"]),
            on(took("alcohol", freq="less", status="stopped", amount_per_day=30)),
        ],
        [
            on(stopped_drinking),
            on(took("alcohol", status="stopped", amount_per_day=29.9)),
            on(took("alcohol", status="stopped", hours_since_last=168.1), history=["epilepsy"]),
            on(took("alcohol", freq="weekly", status="stopped", amount_per_day=14.9), history=["epilepsy"]),
            on(took("alcohol", freq="weekly", status="stopped"), history=["epilepsy"]),
            on(took("alcohol", status="medical_detox_done", amount_per_day=30), history=["epilepsy"]),
            on(took("alcohol", status="plans_to_stop_alone", amount_per_day=30), history=["epilepsy"]),
            on(stopped_drinking, medical=["anticoagulant", "epilepsy", "opioid_substitution"]),
            on(stopped_drinking, took("benzodiazepine", freq="weekly")),
            on(stopped_drinking, took("gabapentinoid")),
            on(stopped_drinking, took("alcohol", amount_per_day=30)),  # one entry meets all of it
        ],
    ),
    "ghb-stopped": (
        [on(stopped_g), on(took("ghb_gbl", freq="most_days", status="cut_down", hours_since_last=168))],
        [
            on(took("ghb_gbl")),
            on(took("ghb_gbl", status="stopped", hours_since_last=169)),
            on(took("ghb_gbl", freq="weekly", status="stopped")),
            on(took("ghb_gbl"), took("ghb_gbl", freq="weekly", status="stopped")),
        ],
    ),
    "benzo-stopped-high-risk": (
        [
            on(stopped_diazepam, history=["withdrawal_seizure"]),
            on(stopped_diazepam, symptoms=["tremor"]),
            on(stopped_diazepam, symptoms=["sweating"]),
            on(stopped_diazepam, symptoms=["palpitations"]),
            on(stopped_diazepam, took("alcohol")),
            on(stopped_diazepam, took("ghb_gbl", freq="most_days")),
            on(took("z_drug", status="cut_down", hours_since_last=336), history=["epilepsy"]),
            on(took("barbiturate", status="stopped", hours_since_last=None), history=["delirium_tremens"]),
        ],
        [
            on(stopped_diazepam),
            on(took("benzodiazepine"), history=["epilepsy"]),
            on(took("benzodiazepine", status="stopped", hours_since_last=337), history=["epilepsy"]),
            on(took("benzodiazepine", freq="less", status="stopped"), history=["epilepsy"]),
            on(took("gabapentinoid", status="stopped"), history=["epilepsy"]),
            on(stopped_diazepam, took("alcohol", freq="weekly")),
            on(stopped_diazepam, took("opioid")),
            on(stopped_diazepam, symptoms=["vomiting"], medical=["epilepsy"]),
        ],
    ),
}

URGENT: Examples = {
    "alcohol-previous-complication": (
        [on(drinks, history=[past]) for past in ("withdrawal_seizure", "delirium_tremens", "epilepsy")],
        [
            on(took("alcohol", freq="weekly"), history=["epilepsy"]),
            on(took("alcohol", status="medical_detox_done"), history=["epilepsy"]),
            on(took("cocaine"), history=["epilepsy"]),
            on(drinks, history=["overdose_30d"], medical=["epilepsy"]),
        ],
    ),
    "alcohol-withdrawal-symptoms": (
        [
            on(took("alcohol", hours_since_last=6), symptoms=["tremor"]),
            on(took("alcohol", hours_since_last=168), symptoms=["sweating"]),
            on(took("alcohol", status="stopped", hours_since_last=None), symptoms=["vomiting"]),
            on(took("alcohol", status="cut_down", hours_since_last=1), symptoms=["palpitations"]),
        ],
        [
            on(took("alcohol", hours_since_last=5.9), symptoms=["tremor"]),
            on(took("alcohol", hours_since_last=None), symptoms=["tremor"]),
            on(took("alcohol", status="stopped", hours_since_last=168.1), symptoms=["tremor"]),
            on(took("alcohol", freq="weekly", status="stopped"), symptoms=["tremor"]),
            on(took("alcohol", status="medical_detox_done", hours_since_last=20), symptoms=["tremor"]),
            on(stopped_drinking, symptoms=["anxiety"]),
        ],
    ),
    "poly-depressant": (
        [
            on(took("alcohol"), took("opioid")),
            on(took("benzodiazepine"), took("z_drug", freq="most_days")),
            on(took("gabapentinoid"), took("nitazene_or_unknown")),
        ],
        [
            on(took("alcohol"), took("alcohol")),
            on(took("alcohol"), took("opioid", freq="weekly")),
            on(took("alcohol"), took("opioid", status="medical_detox_done")),
            on(took("alcohol"), took("cocaine"), took("cannabis")),
        ],
    ),
    "ghb-dependent": (
        [on(took("ghb_gbl")), on(took("ghb_gbl", freq="most_days", status="stopped"))],
        [on(took("ghb_gbl", freq="weekly"))],
    ),
    "sedative-supply-ending": (
        [
            on(took("benzodiazepine", status="stopped", hours_since_last=2000)),
            on(took("z_drug", status="cut_down")),
            on(took("barbiturate", status="supply_ends_72h")),
            on(took("gabapentinoid", status="plans_to_stop_alone")),
        ],
        [
            on(took("benzodiazepine")),
            on(took("benzodiazepine", freq="weekly", status="supply_ends_72h")),
            on(took("gabapentinoid", freq="weekly", status="stopped")),
            on(took("gabapentinoid", status="unknown")),
            on(took("alcohol", status="supply_ends_72h")),
        ],
    ),
    "opioid-tolerance-loss": (
        [
            on(took("opioid", freq="none"), tolerance_break="detox_28d"),
            on(took("opioid", freq="less"), tolerance_break="prison_28d"),
            on(took("nitazene_or_unknown"), tolerance_break="hospital_28d"),
            on(took("opioid"), tolerance_break="self_break"),
        ],
        [
            on(took("opioid"), tolerance_break="none"),
            on(took("opioid"), tolerance_break="unknown"),
            on(took("cocaine"), tolerance_break="prison_28d"),
        ],
    ),
    "recent-overdose": ([on(history=["overdose_30d"])], [on(symptoms=["overdose_24h"])]),
    "potent-synthetic-opioid": (
        [on(took("nitazene_or_unknown", freq="less"))],
        [on(took("opioid")), on(took("other"))],
    ),
    "suicidal-thoughts": (
        [on(suicide="thoughts_safe_now")],
        [on(suicide="none_disclosed"), on(suicide="unknown")],
    ),
    "recent-self-harm": ([on(history=["self_harm_30d"])], [on(symptoms=["low_mood"])]),
    "pregnant": (
        [on(took("cannabis", freq="none"), pregnancy="yes")],
        [
            on(pregnancy="yes"),
            on(took("cannabis"), pregnancy="unknown"),
            on(took("cannabis"), pregnancy="postnatal_12m"),
        ],
    ),
    "under-18": (
        [on(age_band="under_16"), on(age_band="16_17")],
        [on(age_band="18_64"), on(age_band="unknown")],
    ),
    "child-at-risk": ([on(situation=["children_at_risk"])], [on(situation=["lives_with_children"])]),
    "adult-abuse": ([on(situation=["abuse_or_coercion"])], [on(situation=["no_safe_place"])]),
    "withdrawing-alone": (
        [
            on(stopped_drinking, situation=["alone"]),
            on(took("gabapentinoid", status="cut_down", hours_since_last=168), situation=["alone"]),
        ],
        [
            on(stopped_drinking),
            on(drinks, situation=["alone"]),
            on(took("alcohol", status="stopped", hours_since_last=169), situation=["alone"]),
            on(took("alcohol", freq="weekly", status="stopped"), situation=["alone"]),
            on(took("opioid", status="stopped"), situation=["alone"]),
        ],
    ),
    "free-text-red-flag": (
        [
            on(free_text="Sometimes I want to KILL MYSELF."),
            on(free_text="I can't do this any more"),
            on(free_text="i cant do this any more"),
            on(free_text="I can’t\nbreathe"),
            on(free_text="don‘t want to  be here"),
            on(free_text="He had a seizure"),
            on(free_text="she was fitting"),
            on(free_text="took an overdose"),
            on(free_text="end my life"),
        ],
        [on(free_text=""), on(free_text="I can do this"), on(free_text="I want to be fit again")],
    ),
}

EXAMPLES: Examples = EMERGENCIES | CRISES | URGENT
