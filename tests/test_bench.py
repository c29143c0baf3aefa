"""The benchmark is right about what it measures: its rows, the frameworks that take part, and the page made of it."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BENCH = ROOT / "bench"
SHOWN = ROOT / "docs" / "performance"


@pytest.fixture(scope="module")
def bench():
    """The function that imports a module of the benchmark."""
    sys.path.insert(0, str(BENCH))
    yield import_module
    sys.path.remove(str(BENCH))
    for name, module in list(sys.modules.items()):
        if str(getattr(module, "__file__", None)).startswith(f"{BENCH}/"):
            del sys.modules[name]


def rows_of(bench, protocol):
    return bench("rows").ROWS[protocol] | (bench("growth").GROWTH if protocol == "wsgi" else {})


def names_in(module):
    """What a module of `apps` has to offer."""
    for statement in ast.parse((BENCH / "apps" / f"{module}.py").read_text()).body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ImportFrom(names=imported):
                yield from (alias.asname or alias.name for alias in imported)
            case ast.Assign(targets=targets):
                yield from (node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name))


@pytest.mark.parametrize(("protocol", "module"), [("wsgi", "flask_app"), ("asgi", "retort_asgi")])
def test_ours_answers_each_row_as_the_row_says(bench, protocol, module):
    # 10,000 rules take seconds; the benchmark itself looks at those.
    rows = {name: row for name, row in rows_of(bench, protocol).items() if row.size <= 1_000}
    asked = "".join(json.dumps({"command": "answer", "row": name}) + "\n" for name in rows)
    command = [sys.executable, str(BENCH / "worker.py"), protocol, module]
    told = subprocess.run(command, input=asked, capture_output=True, text=True, check=True, timeout=300).stdout
    for (name, row), line in zip(rows.items(), told.splitlines(), strict=True):
        reply = json.loads(line)
        assert "error" not in reply, f"{name}: {reply['error']}"
        answer = reply["result"]
        assert row.faults(answer["status"], answer["headers"], answer["body"].encode("latin-1")) == [], name


def test_a_wrong_answer_is_told(bench):
    row = bench("rows").WSGI["session-write"]
    faults = row.faults("500 Internal Server Error", [["Content-Type", "text/html; charset=utf-8"]], b"3 visits")
    assert [fault.split(" is ")[0] for fault in faults] == ["The status", "Set-Cookie", "The body"]


def test_each_header_of_a_name_counts(bench):
    row = bench("rows").WSGI["cookies"]
    cookies = [["Set-Cookie", f"{pair}; Path=/"] for pair in ("theme=dark", "language=en", "seen=42")]
    html = ["Content-Type", "text/html; charset=utf-8"]
    assert row.faults("200 OK", [html, *cookies], b"3 cookies") == []
    assert len(row.faults("200 OK", [html, *cookies[:2]], b"3 cookies")) == 1


@pytest.mark.parametrize("protocol", ["wsgi", "asgi"])
def test_each_framework_has_the_apps_of_the_rows_it_takes_part_in(bench, protocol):
    for name, peer in bench("peers").PEERS.items():
        module = getattr(peer, protocol)
        if module:
            wanted = {row.app for title, row in bench("rows").ROWS[protocol].items() if peer.has(title)}
            assert wanted <= set(names_in(module)), name


def test_each_framework_with_an_app_by_wsgi_has_one_made_to_size(bench):
    for name, peer in bench("peers").PEERS.items():
        if peer.wsgi:
            assert "crowd" in names_in(peer.sized), name


def test_what_a_framework_lacks_is_a_row(bench):
    known = {*rows_of(bench, "wsgi"), *rows_of(bench, "asgi"), *bench("growth").SIZES}
    for name, peer in bench("peers").PEERS.items():
        assert set(peer.lacks) <= known, name
    assert bench("peers").PEERS["falcon"].has("hooks 5")
    assert not bench("peers").PEERS["falcon"].has("blueprints 10")


def test_the_parts_and_the_peers_of_the_command_line_exist(bench):
    run = bench("run")
    assert {*run.GROWING, *run.THREADED, *run.SERVED} <= set(bench("peers").PEERS)
    assert set(run.MOST_ROUNDS) <= set(run.PARTS)


def test_each_row_is_described(bench):
    described = (BENCH / "README.md").read_text()
    assert [name for rows in bench("rows").ROWS.values() for name in rows if f"`{name}`" not in described] == []


def test_a_process_tells_its_memory():
    command = [sys.executable, str(BENCH / "birth.py"), "flask_sized", "10", "/section-2/overview"]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.split()
    if Path("/proc/self/status").exists():
        now, at_most = map(int, told)
        assert 10_000 < now <= at_most


def test_the_page_shows_what_is_kept(bench):
    kept = json.loads((SHOWN / "figures.json").read_text())
    shown = {path.name: path.read_text() for path in SHOWN.iterdir() if path.name != "figures.json"}
    assert bench("page").contents(kept) == shown


def test_the_page_says_where_ours_is_behind(bench):
    page = bench("page")
    text = {"retort": [3, 2], "flask": [40, 50], "falcon": [4, 4], "bottle": [1.5, 1], "bare": [1, 1]}
    granian = {"retort": [300, 200], "flask": [50, 60], "falcon": [600, 800]}
    results = {
        "wsgi": {"cpu": {"text": text}},
        "servers": {"rate": {"granian": granian}},
        "when": "2026-11-23T12:00:00+00:00",
        "machine": {},
        "versions": {"falcon": {"falcon": "4.4.0"}, "retort": {"Flask": "3.1.100"}},
    }
    kept = page.condensed(results)
    assert json.loads(page.written(kept)) == kept
    assert kept["versions"] == {"falcon": "4.4.0"}
    assert kept["wsgi"]["text"]["best"] == ["bottle", 2.0]
    line = page.table("wsgi", kept["wsgi"]).splitlines()[1]
    assert line == "``text``,0.058,**2.000**,Bottle,2.00,40.0,4.00,1.00,1.00"
    assert list(page.behind(kept)) == [
        "- wsgi: ``text`` 2.00 of Bottle.",
        "- servers: ``granian`` 0.38 of Falcon.",
    ]


def test_the_page_is_made_of_a_whole_run(bench, tmp_path):
    newest = bench("page").newest
    with pytest.raises(SystemExit, match="There are no results of a whole run"):
        newest(tmp_path)
    whole = json.dumps(dict.fromkeys(bench("run").PARTS))
    for name, content in (("2026-11-22", whole), ("2026-11-23", whole), ("2026-11-24", '{"wsgi": {}}')):
        (tmp_path / f"{name}.json").write_text(content)
    assert newest(tmp_path).stem == "2026-11-23"


def test_a_plot_has_a_line_for_each_framework(bench):
    drawn = bench("plot").plot("rules", {"Retort": {10: 2.0, 1_000: 2.0}, "Falcon": {10: 4.0, 1_000: 40.0}})
    assert drawn.count("<polyline") == 2
    assert drawn.count("<circle") == 4
    level = drawn.partition('<polyline points="')[2].partition('"')[0].split()
    assert len({point.split(",")[1] for point in level}) == 1
