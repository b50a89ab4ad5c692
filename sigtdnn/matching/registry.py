"""The matchers by name. A third one is a folder of its own and a line here."""

from typing import Annotated, Any

from sigtdnn.matching.elastic import Elastic
from sigtdnn.matching.gaussian import Gaussian
from sigtdnn.matching.matcher import Matcher

MATCHERS: dict[str, type[Matcher[Any]]] = {cls.kind: cls for cls in (Gaussian, Elastic)}
SETTINGS: dict[str, type[Any]] = {kind: cls.settings() for kind, cls in MATCHERS.items()}
AnyMatcherSettings = Annotated[Any, SETTINGS]
