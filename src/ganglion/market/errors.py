"""Refusals in OpenAI's shape: a status, and `{"error": {"message", "type", "param", "code"}}`.

OpenAI's clients raise by the status: 400 BadRequestError, 401 AuthenticationError, 404 NotFoundError, 429
RateLimitError, 5xx InternalServerError. They try 408, 429 and 5xx again by themselves, twice by default.
"""

from __future__ import annotations

from pydantic import ValidationError

from ganglion.neuron.client import Fault


class ApiError(Exception):
    """A request which is not served. `code` names the condition, `param` the field it is about."""

    def __init__(self, status: int, kind: str, code: str, message: str, *, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param

    def body(self) -> dict[str, object]:
        """The body of the refusal, or the data of a stream's error event."""
        about = {"message": str(self), "type": self.kind, "param": self.param, "code": self.code}
        return {"error": about}


def invalid(message: str, *, code: str = "invalid_value", param: str | None = None) -> ApiError:
    """The request is wrong, and will be wrong again."""
    return ApiError(400, "invalid_request_error", code, message, param=param)


def unfitting(error: ValidationError, names: dict[str, str] | None = None) -> ApiError:
    """The first field which does not fit its model. `names` gives the caller's names of our fields."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    path = [str(part) for part in first["loc"]]
    param = ".".join([(names or {}).get(path[0], path[0]), *path[1:]]) if path else None
    if first["type"] == "json_invalid":
        return invalid("the body is not valid JSON", code="invalid_json")
    if first["type"] == "extra_forbidden":
        return invalid(f"unrecognized request argument: {param}", code="unknown_parameter", param=param)
    return invalid(f"{param}: {first['msg']}" if param else first["msg"], param=param)


def unauthenticated(message: str) -> ApiError:
    """No key, or none that holds."""
    return ApiError(401, "authentication_error", "invalid_api_key", message)


def too_large(limit: int) -> ApiError:
    """More bytes than a request may have."""
    return ApiError(413, "invalid_request_error", "request_too_large", f"the body exceeds {limit} bytes")


def unknown_model(model: str) -> ApiError:
    """The market has no such model, or not for this path."""
    message = f"the model {model!r} does not exist here; GET /v1/models lists those which do"
    return ApiError(404, "invalid_request_error", "model_not_found", message, param="model")


def no_miner(model: str) -> ApiError:
    """Nobody serves the model now."""
    return ApiError(503, "server_error", "no_miner", f"no miner serves {model} at the moment")


def no_answer(model: str, fault: Fault) -> ApiError:
    """Every miner that was asked failed; `fault` is the last one's."""
    status, code = (504, "miners_late") if fault is Fault.LATE else (502, "miners_failed")
    return ApiError(status, "server_error", code, f"no miner of {model} gave a valid answer: {fault}")


def broken_off(fault: str) -> ApiError:
    """A miner failed in the middle of a stream: what came before is unproven and not charged."""
    message = f"the miner failed before its answer was complete: {fault}; nothing is charged"
    return ApiError(502, "server_error", "stream_broken", message)
