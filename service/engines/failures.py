"""The problem for an exception that an engine raises and does not explain.

Without memory, C code raises many things: SystemError without a cause, OSError, RuntimeError, a null pointer as
TypeError. All of these are the same problem for the caller: the document needs more memory than a conversion may use.
"""

from __future__ import annotations

import resource

from service.model.errors import ColophonError, EngineCrashed, Internal, TooComplex

OUT_OF_MEMORY = "The document needs more memory than a conversion may use."
TOO_DEEP = "The document exceeds the limit of nesting."
SPARE = 32  # memory is exhausted if this part of the address space cannot be reserved
# What libraries in C, C++, Rust and Haskell write to standard error before they end the process because it has no memory.
LAST_WORDS = (
    "failed to allocate", "memory allocation of", "std::bad_alloc", "Cannot allocate memory", "MemoryError", "out of memory",
)  # fmt: skip


def problem_of(error: BaseException) -> ColophonError:
    """The public problem. Call it while the exception is handled: its frames hold the memory that is in use."""
    if isinstance(error, ColophonError):
        return error
    if isinstance(error, RecursionError):
        return TooComplex(TOO_DEEP)
    if isinstance(error, MemoryError) or exhausted():
        return TooComplex(OUT_OF_MEMORY)
    return EngineCrashed() if isinstance(error, SystemError) else Internal()


def exhausted() -> bool:
    """Whether the process has little left of the address space that it may have."""
    most, _ = resource.getrlimit(resource.RLIMIT_AS)
    if most == resource.RLIM_INFINITY:
        return False
    try:
        bytes(most // SPARE)  # zeros that the kernel promises; no page is written
    except MemoryError:
        return True
    return False


def died_of_memory(said: str) -> bool:
    """Whether the last output of an ended process says that it had no memory left."""
    return any(words in said for words in LAST_WORDS)
