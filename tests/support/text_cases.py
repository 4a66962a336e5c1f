"""What tests of the text subnet start from: models learnt once, and cases of a round."""

from functools import cache

from ganglion.neuron.validator import Case, Challenge
from ganglion.subnets.text.models import make_model
from ganglion.subnets.text.task import CompleteRequest, Completion

model_of = cache(make_model)


def made_case(
    challenge: Challenge[CompleteRequest],
    text: str | None,
    *,
    uid: int = 0,
    registered_at: int = 0,
    latency_s: float = 0.0,
) -> Case[CompleteRequest, Completion]:
    """The case in which uid `uid` answered `text`; None for no answer."""
    answer = None
    if text is not None:
        answer = Completion(text=text, finish_reason="length", prompt_tokens=1, completion_tokens=1)
    return Case(uid, f"hotkey-{uid}", registered_at, challenge, answer, latency_s)
