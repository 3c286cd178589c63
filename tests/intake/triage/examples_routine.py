"""For each rule of U2, U3, P1, P2 and none: answers that it fires on, and near misses."""

from tests.intake.triage.examples_urgent import Examples, on
from tests.intake.triage.said import took

SAME_DAY: Examples = {
    "alcohol-30-units": (
        [
            on(took("alcohol", amount_per_day=30)),
            on(took("alcohol", freq="less", amount_per_day=45)),
            on(took("alcohol", freq="weekly"), sadq_total=31),
        ],
        [
            on(took("alcohol", amount_per_day=29.9), sadq_total=30),
            on(took("alcohol", status="medical_detox_done", amount_per_day=45), sadq_total=40),
            on(took("cocaine", amount_per_day=45), sadq_total=40),
        ],
    ),
    "plans-to-stop-alone": (
        [
            on(took("alcohol", freq="weekly", status="plans_to_stop_alone")),
            on(took("alcohol", status="plans_to_stop_alone", amount_per_day=15)),
            on(took("ghb_gbl", freq="most_days", status="plans_to_stop_alone", amount_per_day=1)),
        ],
        [
            on(took("alcohol", status="plans_to_stop_alone", amount_per_day=14.9)),
            on(took("ghb_gbl", freq="weekly", status="plans_to_stop_alone")),
            on(took("benzodiazepine", status="plans_to_stop_alone")),
            on(took("alcohol"), took("opioid", status="plans_to_stop_alone")),
        ],
    ),
    "opioid-injecting-or-alone": (
        [
            on(took("opioid", freq="less", route="injected")),
            on(took("nitazene_or_unknown", freq="unknown", route="injected")),
            on(took("opioid", route="smoked"), situation=["alone"]),
        ],
        [
            on(took("opioid", freq="none", route="injected")),
            on(took("opioid", route="smoked")),
            on(took("opioid", freq="weekly", route="smoked"), situation=["alone"]),
            on(took("cocaine", route="injected"), situation=["alone"]),
            on(took("opioid", freq="none", route="injected"), situation=["alone"]),
        ],
    ),
    "opioid-withdrawal": (
        [
            on(took("opioid", status="stopped", hours_since_last=336)),
            on(took("nitazene_or_unknown", status="cut_down", hours_since_last=None)),
        ],
        [
            on(took("opioid", status="stopped", hours_since_last=336.1)),
            on(took("opioid", freq="weekly", status="stopped")),
            on(took("opioid", hours_since_last=100)),
        ],
    ),
    "no-safe-place": ([on(situation=["no_safe_place"])], [on(situation=["alone"])]),
    "professional-urgent": (
        [on(professional_urgent=True)],
        [on(professional_urgent=False), on(enquirer="professional", person_aware="yes")],
    ),
    "methamphetamine": (
        [
            on(took("methamphetamine", freq="most_days")),
            on(took("methamphetamine", freq="less"), took("ghb_gbl", freq="none")),
        ],
        [on(took("methamphetamine", freq="weekly")), on(took("amphetamine"), took("ghb_gbl"))],
    ),
    "street-benzo": (
        [on(took("benzodiazepine", source="street")), on(took("z_drug", freq="most_days", source="street"))],
        [
            on(took("benzodiazepine", source="prescribed")),
            on(took("benzodiazepine", source=None)),
            on(took("benzodiazepine", freq="weekly", source="street")),
            on(took("gabapentinoid", source="street")),
            on(took("benzodiazepine", source="prescribed"), took("opioid", source="street")),
        ],
    ),
}

FOUR_HOURS: Examples = {
    "alcohol-15-with-complexity": (
        [
            on(took("alcohol", amount_per_day=15), medical=["heart_disease"]),
            on(took("alcohol", freq="less", amount_per_day=29.9), medical=["insulin_diabetes"]),
            on(took("alcohol", amount_per_day=20), medical=["learning_disability"]),
            on(took("alcohol", amount_per_day=20), medical=["cognitive_impairment"]),
            on(took("alcohol", amount_per_day=20), medical=["serious_mental_illness"]),
            on(took("alcohol", amount_per_day=20), situation=["no_safe_place"]),
            on(took("alcohol", amount_per_day=20), age_band="65_plus"),
        ],
        [
            on(took("alcohol", amount_per_day=20)),
            on(took("alcohol", amount_per_day=14.9), age_band="65_plus"),
            on(took("alcohol", amount_per_day=30), age_band="65_plus"),
            on(took("alcohol", amount_per_day=None), age_band="65_plus"),
            on(took("alcohol", amount_per_day=20, status="medical_detox_done"), age_band="65_plus"),
            on(took("alcohol", amount_per_day=20), medical=["anticoagulant"]),
        ],
    ),
    "opioid-dependent": (
        [on(took("opioid")), on(took("nitazene_or_unknown", freq="most_days"))],
        [on(took("opioid", freq="weekly")), on(took("opioid", freq="none"))],
    ),
    "ketamine-bladder": (
        [
            on(took("ketamine", freq="less"), symptoms=[sign])
            for sign in ("bladder_pain_frequency", "incontinence", "blood_in_urine", "k_cramps")
        ],
        [on(symptoms=["blood_in_urine"]), on(took("ketamine"), symptoms=["cannot_pass_urine"])],
    ),
    "comedown-low-mood": (
        [
            on(took("ketamine", freq="less", hours_since_last=168), symptoms=["low_mood"]),
            on(took("mdma", freq="none", hours_since_last=None), symptoms=["low_mood"]),
            *(
                on(took(name), symptoms=["low_mood"])
                for name in ("cocaine", "crack", "methamphetamine", "amphetamine")
            ),
        ],
        [
            on(took("ketamine", hours_since_last=168.1), symptoms=["low_mood"]),
            on(took("cannabis"), symptoms=["low_mood"]),
            on(took("cocaine"), symptoms=["anxiety"]),
        ],
    ),
    "synthetic-cannabinoid-regular": (
        [on(took("synthetic_cannabinoid"))],
        [on(took("synthetic_cannabinoid", freq="weekly")), on(took("cannabis"))],
    ),
    "gambling-severe": (
        [
            on(behaviours=["gambling"], pgsi=8, symptoms=["low_mood"]),
            on(behaviours=["gambling", "gaming"], pgsi=27, history=["debt_crisis"]),
        ],
        [
            on(behaviours=["gambling"], pgsi=7, symptoms=["low_mood"]),
            on(behaviours=["gambling"], pgsi=None, symptoms=["low_mood"]),
            on(behaviours=["gambling"], pgsi=8),
            on(behaviours=["gaming"], pgsi=8, symptoms=["low_mood"]),
        ],
    ),
    "postnatal": (
        [on(took("cannabis", freq="none"), pregnancy="postnatal_12m")],
        [on(pregnancy="postnatal_12m"), on(took("cannabis"), pregnancy="yes")],
    ),
    "unknown-safety-answer": (
        [
            on(suicide="unknown"),
            on(age_band="unknown"),
            on(took("gabapentinoid", status="unknown")),
        ],
        [
            on(pregnancy="unknown", tolerance_break="unknown"),
            on(took("alcohol", freq="weekly", status="unknown")),
            on(took("opioid", status="unknown")),
        ],
    ),
    "requested-today": ([on(timing="now")], [on(timing="within_72h")]),
}

PREBOOKED: Examples = {
    "alcohol-15-units": (
        [
            on(took("alcohol", amount_per_day=None)),
            on(took("alcohol", freq="less", amount_per_day=15)),
            on(took("alcohol", amount_per_day=29.9)),
            on(took("alcohol", freq="weekly", amount_per_day=5), audit_total=20),
            on(took("alcohol", amount_per_day=20), took("alcohol", amount_per_day=40)),
        ],
        [
            on(took("alcohol", freq="weekly", amount_per_day=None)),
            on(took("alcohol", amount_per_day=14.9), audit_total=19),
            on(took("alcohol", amount_per_day=30), audit_total=40),
            on(
                took("alcohol", freq="weekly", amount_per_day=5),
                took("alcohol", amount_per_day=30),
                audit_total=25,
            ),
            on(took("alcohol", status="medical_detox_done", amount_per_day=20), audit_total=25),
            on(took("cocaine", amount_per_day=20), audit_total=25),
        ],
    ),
    "daily-stimulant": (
        [on(took(name)) for name in ("cocaine", "crack", "methamphetamine", "amphetamine", "mdma")],
        [on(took("cocaine", freq="weekly")), on(took("ketamine"))],
    ),
    "ketamine-regular": ([on(took("ketamine", freq="most_days"))], [on(took("ketamine", freq="weekly"))]),
    "benzo-daily": (
        [on(took("benzodiazepine")), on(took("z_drug")), on(took("barbiturate", freq="most_days"))],
        [on(took("benzodiazepine", freq="weekly")), on(took("gabapentinoid"))],
    ),
    "gabapentinoid-regular": ([on(took("gabapentinoid"))], [on(took("gabapentinoid", freq="less"))]),
    "opioid-substitution": ([on(medical=["opioid_substitution"])], [on(medical=["other_daily_medication"])]),
    "medical-complexity": (
        [
            *(
                on(medical=[item])
                for item in (
                    "heart_disease",
                    "insulin_diabetes",
                    "liver_disease",
                    "anticoagulant",
                    "epilepsy",
                    "eating_disorder_low_weight",
                    "learning_disability",
                    "cognitive_impairment",
                    "serious_mental_illness",
                )
            ),
            on(medical=["opioid_substitution", "anticoagulant"]),
            on(situation=["mobility_needs"]),
        ],
        [on(medical=["opioid_substitution", "other_daily_medication"])],
    ),
    "post-detox-bridge": (
        [on(took("cannabis", freq="none", status="medical_detox_done"))],
        [on(took("alcohol", status="stopped"), tolerance_break="detox_28d")],
    ),
    "third-party-no-agreement": (
        [on(enquirer="loved_one", person_aware="no"), on(enquirer="loved_one", person_aware="unknown")],
        [
            on(enquirer="loved_one", person_aware="yes"),
            on(enquirer="professional", person_aware="no"),
            on(enquirer="self", person_aware="no"),
        ],
    ),
    "within-72h": ([on(timing="within_72h")], [on(timing="within_2_weeks"), on(timing="now")]),
}

OTHERS: Examples = {
    "driving-advice": (
        [on(situation=["drives"]), on(situation=["vocational_driver"])],
        [on(situation=["mobility_needs"])],
    ),
    "children-in-household": ([on(situation=["lives_with_children"])], [on(situation=["children_at_risk"])]),
    "standard": (
        [
            on(),
            on(took("cannabis")),
            on(behaviours=["gambling", "gaming", "sex", "shopping", "eating"], pgsi=6),
            on(took("ketamine", freq="weekly"), situation=["drives", "lives_with_children"]),
        ],
        [on(timing="within_72h"), on(took("ketamine")), on(suicide="unknown")],
    ),
}

EXAMPLES: Examples = SAME_DAY | FOUR_HOURS | PREBOOKED | OTHERS
