"""Where replications are run. Whatever the executor, results come back in the order of the tasks."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol, TypeVar

Task = TypeVar("Task")
Result = TypeVar("Result")


class Executor(Protocol):
    """Runs a function over tasks and yields its results in the order of the tasks."""

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Results in order; an exception of a task is raised when its turn comes."""
        ...


class InProcess:
    """One task after the other in the calling thread."""

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        for task in tasks:
            yield function(task)


class Threads:
    """Several tasks at once. Kernels release the interpreter lock, so threads use all cores.

    At most one task more than workers is under way or waiting to be fetched, so that memory stays bounded.
    """

    def __init__(self, workers: int) -> None:
        self.workers = workers

    def map(self, function: Callable[[Task], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        pending: deque[Future[Result]] = deque()
        with ThreadPoolExecutor(self.workers, thread_name_prefix="garita") as pool:
            try:
                for task in tasks:
                    pending.append(pool.submit(function, task))
                    if len(pending) > self.workers:
                        yield pending.popleft().result()
                while pending:
                    yield pending.popleft().result()
            finally:
                for future in pending:
                    future.cancel()


def executor_for(workers: int | None) -> Executor:
    """An executor with so many workers; None: one a core that this process may use."""
    count = workers if workers is not None else available_cores()
    return InProcess() if count <= 1 else Threads(count)


def available_cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0)) or 1
    return os.cpu_count() or 1
