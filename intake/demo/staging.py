"""Playing the scenes of today: each becomes the rows of one lead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from crm.enums import CallerRole, ContactOutcome, Stage
from intake.demo.enquiries import enquire_again, open_lead
from intake.demo.hearing import Arrival, FrontDoor
from intake.demo.journeys import Team
from intake.demo.people import landline
from intake.demo.rows import Rows
from intake.demo.scenes import Act, Scene
from intake.demo.stories import CHANNELS, Story

CALM: dict[str, Any] = {
    "enquirer": "self",
    "person_aware": "yes",
    "age_band": "18_64",
    "suicide": "none_disclosed",
    "pregnancy": "no",
    "tolerance_break": "none",
    "timing": "flexible",
}
OUTCOMES = {
    "no_answer": ContactOutcome.NO_ANSWER,
    "left_message": ContactOutcome.LEFT_MESSAGE,
    "spoke": ContactOutcome.SPOKE,
}
STAGES = {"assess": Stage.ASSESSING, "offer": Stage.OFFERED, "book": Stage.BOOKED}


@dataclass(frozen=True)
class Staging:
    """Where scenes are played."""

    front: FrontDoor
    team: Team

    def play(self, scenes: Sequence[Scene], rngs: Iterator[Random], first: int) -> Iterator[Rows]:
        """Yield the rows of each scene; they are numbered from `first`."""
        for number, (scene, rng) in enumerate(zip(scenes, rngs, strict=False), first):
            rows = open_lead(self.front, self._arrival(scene, f"demo:{number}", scene.ago, rng), rng)
            for act in scene.acts:
                self._act(rows, scene, act)
            yield rows

    def _arrival(self, scene: Scene, key: str, ago: float, rng: Random) -> Arrival:
        answers = CALM | scene.said
        told = Story(answers, CHANNELS[CallerRole(answers["enquirer"])], scene.source)
        at = self.front.now - timedelta(minutes=ago)
        return Arrival(key, told, at, landline(rng), scene.flags, scene.safe)

    def _act(self, rows: Rows, scene: Scene, act: Act) -> None:
        path, by = rows.path, self.team.coordinators[act.who]
        at = self.front.now - timedelta(minutes=act.ago)
        if act.what in OUTCOMES:
            path.contact(at, by, OUTCOMES[act.what])
        elif act.what in STAGES:
            if act.what == "offer":
                path.clear_holds(at - timedelta(minutes=2), self.team.clinician)
            path.move(at, by, STAGES[act.what])
        elif act.what == "again":
            key = f"{rows.enquiries[0].idempotency_key}:again"
            enquire_again(self.front, rows, self._arrival(scene, key, act.ago, path.rng))
        else:
            {"claim": path.claim, "release": path.release}[act.what](at, by)
