"""Compiling to machine code, once per machine where that is possible.

The kernels of this package are compiled by numba at their first call and kept on disk, so that the
next process starts without compiling. numba keeps them in NUMBA_CACHE_DIR if that is set, else in
the package's `__pycache__`, else in the user's cache folder. Where none of the three can be written
(a read-only install run by a user without a home) numba refuses already at import; then the kernels
are compiled again in every process: some seconds at the first dispatch, and nothing else changes.
"""

from collections.abc import Callable
from typing import Any

from numba import njit


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function as machine code, from the disk cache where one can be written."""
    try:
        return njit(cache=True, nogil=True)(function)
    except RuntimeError:  # "cannot locate cache": nowhere to write
        return njit(nogil=True)(function)
