"""Are the answers right? Nothing else is worth timing."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from peers import PEERS, Worker, WorkerError
from row import Row

Faults = dict[str, list[str]]
"""Peer → what is wrong with its answer, for the peers where something is."""


def check(workers: Mapping[str, Worker], row: str, wanted: Row) -> Faults:
    """Compare every peer's answer with the expected one, and ours with all that Pallets Flask sends."""
    answers: dict[str, dict[str, Any]] = {}
    faults: Faults = {}
    for name, worker in workers.items():
        if not PEERS[name].has(row):
            continue
        try:
            answers[name] = answer = worker.ask("answer", row=row)
        except WorkerError as error:
            faults[name] = [str(error)]
        else:
            body = answer["body"].encode("latin-1")
            faults[name] = wanted.faults(answer["status"], answer["headers"], body)
    ours, theirs = answers.get("retort"), answers.get("flask")
    if ours and theirs and comparable(ours) != comparable(theirs):
        faults["retort"].append(f"Pallets Flask answers {str(theirs)[:600]}…, ours {str(ours)[:600]}…")
    return {name: sentences for name, sentences in faults.items() if sentences}


def by_sentence(faults: Mapping[str, Faults]) -> dict[tuple[str, str], list[str]]:
    """Return the rows in which a peer has each fault, so that it is told once."""
    rows: dict[tuple[str, str], list[str]] = {}
    for row, found in faults.items():
        for name, sentences in found.items():
            for sentence in sentences:
                rows.setdefault((name, sentence), []).append(row)
    return rows


def comparable(answer: Mapping[str, Any]) -> object:
    """Return an answer without what differs between two right ones: the date and the time of a signature."""
    headers = []
    for name, value in answer["headers"]:
        if name == "Set-Cookie":
            value = re.sub(r"^(session=\.?[^.]+)\.[^;]+", r"\1", value)
        if name == "Allow":
            value = ", ".join(sorted(value.split(", ")))  # a set of methods, whose order is another in each process
        if name != "Date":
            headers.append((name, value))
    return answer["status"], sorted(headers), answer["body"]
