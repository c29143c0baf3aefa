"""What applications and blueprints once had in common."""

from __future__ import annotations

import typing as t

from ..sansio.scaffold import Scaffold


class PastScaffold(Scaffold):
    """Members that later releases of Flask removed from applications and blueprints alike."""

    #: The class that writes JSON, in a program of 0.10 to 2.2; None for the usual way.
    #:
    #: .. versionchanged:: 2.3
    #:     Removed; kept here.
    json_encoder: type[t.Any] | None = None

    #: The class that reads JSON, in a program of 0.10 to 2.2; None for the usual way.
    #:
    #: .. versionchanged:: 2.3
    #:     Removed; kept here.
    json_decoder: type[t.Any] | None = None

    def _is_setup_finished(self) -> bool:
        """Whether it is too late to register something."""
        try:
            self._check_setup_finished("register")
        except AssertionError:
            return True
        return False
