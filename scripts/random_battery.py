"""The engine's random draws under a statistical battery: dieharder (Brown, Eddelbuettel and Bauer).

    python scripts/random_battery.py [--tests 0 15 ...] [--out FILE]   the battery, all its tests or some
    python scripts/random_battery.py --write by-party                  raw 64-bit words to stdout, without end

The words come in the order of use (`by-party`: hours, then parties of a line, with what each needs first),
and in the order in which a weakness of keys would show (`by-replication`: one party over replications, then
seeds). What dieharder finds weak (one test in a hundred of a perfect generator) it goes on with until that is
settled. Exits with 0 where dieharder is not installed, saying so; with 1 if a test fails.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit

from garita.engine import random
from garita.engine.compiling import compiled

U64 = np.uint64
SEED, LINE, HOUR = U64(1), U64(0x5A17_E0D1_0C3B_9F42), 428_256  # 2018-11-09 00:00 UTC
PARTIES, REPLICATIONS = 1 << 15, 1 << 15
RESULT = re.compile(r"\b(PASSED|WEAK|FAILED)\b")

_threefry, _counter = compiled(random.threefry), compiled(random.counter)


@njit(nogil=True)
def by_party(seed: Any, line: Any, hour: int, words: Any) -> None:
    """The two words of the first two purposes of each party of an hour."""
    for i in range(words.shape[0]):
        for purpose in range(2):
            words[i, purpose, 0], words[i, purpose, 1] = _threefry(
                seed, U64(0), line, _counter(hour, i, purpose)
            )


@njit(nogil=True)
def by_replication(seed: Any, line: Any, hour: int, words: Any) -> None:
    """The same words of one party in one replication after another."""
    for i in range(words.shape[0]):
        for purpose in range(2):
            words[i, purpose, 0], words[i, purpose, 1] = _threefry(
                seed, U64(i), line, _counter(hour, 0, purpose)
            )


ORDERS = ("by-party", "by-replication")


def blocks(order: str) -> Iterator[np.ndarray[Any, Any]]:
    """Words without end, in blocks."""
    words = np.zeros((PARTIES if order == "by-party" else REPLICATIONS, 2, 2), U64)
    number = 0
    while True:
        with np.errstate(over="ignore"):
            if order == "by-party":
                by_party(SEED, LINE, HOUR + number, words)
            else:
                by_replication(SEED + U64(number), LINE, HOUR, words)
        yield words
        number += 1


def write(order: str, sink: Any, going_on: Callable[[], bool] = lambda: True) -> int:
    """Words into a pipe until its reader has had enough; returns how many bytes."""
    written = 0
    try:
        for words in blocks(order):
            if not going_on():
                break
            sink.write(words.tobytes())
            written += words.nbytes
        sink.close()
    except (BrokenPipeError, OSError):
        pass
    return written


def battery(program: str, order: str, test: int | None) -> tuple[str, int]:
    """What dieharder says of one order, by one test (None: all); and the bytes that it took."""
    which = ["-a"] if test is None else ["-d", str(test)]
    process = subprocess.Popen(
        [program, "-g", "200", "-Y", "1", *which], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None and process.stdout is not None
    # Its report is some kilobytes, less than a pipe holds, so it may be read when all is written.
    taken = write(order, process.stdin, lambda: process.poll() is None)
    report = process.stdout.read().decode("utf-8", "replace")
    process.wait()
    return report, taken


def main() -> int:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", choices=ORDERS, help="words to stdout, without end")
    parser.add_argument("--tests", type=int, nargs="*", help="dieharder's tests by number; all when left out")
    parser.add_argument("--out", type=Path, help="a file for the whole report")
    options = parser.parse_args()
    if options.write:
        write(options.write, sys.stdout.buffer)
        sys.stderr.close()  # a reader that goes away is no error
        return 0
    program = shutil.which("dieharder")
    if program is None:
        print("skipped: dieharder is not installed (Debian: apt-get install dieharder)")
        return 0
    counted: dict[str, int] = {}
    whole = []
    for order in ORDERS:
        for test in options.tests if options.tests is not None else [None]:
            began = time.monotonic()
            report, taken = battery(program, order, test)
            whole.append(f"# {order}\n{report}")
            for line in report.splitlines():
                for result in RESULT.findall(line):
                    counted[result] = counted.get(result, 0) + 1
                    if result != "PASSED":
                        print(order, line)
            name = "all tests" if test is None else f"test {test}"
            print(f"{order}, {name}: {taken / 1e9:.2f} GB, {time.monotonic() - began:.0f} s", flush=True)
    print(", ".join(f"{counted.get(name, 0)} {name.lower()}" for name in ("PASSED", "WEAK", "FAILED")))
    if options.out is not None:
        options.out.parent.mkdir(parents=True, exist_ok=True)
        options.out.write_text("\n".join(whole), encoding="utf-8")
    if not counted:
        print("dieharder said nothing")
        return 1
    return 1 if counted.get("FAILED") else 0


if __name__ == "__main__":
    sys.exit(main())
