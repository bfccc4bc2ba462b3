#!/usr/bin/env python3
"""Puts all that `./dev bench` has left in a folder on one page: summary.py build/bench writes build/bench/summary.md.

The machine's measured peak comes first; then the targets, whole runs, the comparison with Python where there is one,
and all parts.
"""
import json
import pathlib
import re
import sys

import whole


def records(folder):
    """(program, its results, its file), for each program that has run to its end."""
    for file in sorted(folder.glob("*_bench.json")):
        text = file.read_text()
        if text:
            yield file.stem, json.loads(text)


# What Google Benchmark writes about every run; the rest are our own counters.
COMMON = {"name", "family_index", "per_family_instance_index", "run_name", "run_type", "repetitions",
          "repetition_index", "threads", "iterations", "real_time", "cpu_time", "time_unit", "items_per_second",
          "label", "error_occurred", "error_message", "bytes_per_second"}


def short_name(result):
    return re.sub(r"/(iterations|real_time|manual_time).*", "", result["run_name"])


def counters(result):
    own = {name: value for name, value in result.items() if name not in COMMON}
    if "items_per_second" in result:
        own["items/s"] = result["items_per_second"]
    return ", ".join(f"{name} {value:.3g}" if value < 1000 else f"{name} {value:.0f}" for name, value in own.items())


def part(program, results):
    lines = [f"\n### {program}\n", "| | time | |", "|---|---|---|"]
    for result in results["benchmarks"]:
        name = " ".join(filter(None, [short_name(result), result.get("label", "")]))
        if result.get("error_occurred"):
            lines.append(f"| {name} | | {result['error_message']} |")
        else:
            lines.append(f"| {name} | {result['real_time']:.4g} {result['time_unit']} | {counters(result)} |")
    return lines


def machine(all_records):
    lines = ["## The machine\n"]
    for program, results in all_records:
        if program == "core.machine_bench":
            context = results["context"]
            lines.append(f"{context['num_cpus']} cores of {context['mhz_per_cpu']} MHz, {context['date'][:10]}, load "
                         f"{', '.join(f'{load:.1f}' for load in context['load_avg'])}. Its measured peak:\n")
            for result in results["benchmarks"]:
                lines.append(f"- {short_name(result)}: {counters(result)}")
    return lines


def targets(all_records):
    """Figures that issue 7 sets for the parts."""
    found = {(program, short_name(result)): result
             for program, results in all_records for result in results["benchmarks"]}
    one, two = (found.get(("data.loader_bench", f"loader_alone/workers:{n}"), {}) for n in (1, 2))
    forwards, folder = (found.get(("vision.predict_bench", name), {}) for name in ("folder_forwards/2", "folder/2"))
    warm = found.get(("vision.predict_bench", "predict/2"), {})
    rows = [("one warm predict, decode included, ms", warm.get("real_time"), 13, ""),
            ("photographs from disk over the bare forward passes", over(folder, forwards, "real_time"), 1.15, ""),
            ("loader over decoding alone, one worker", one.get("ratio"), 1.2, ""),
            ("loader over decoding alone, two workers", two.get("ratio"), 1.2, ""),
            ("loader: twice one worker's rate over that of two", over(one, two, "pictures/s", 2), 1.1,
             "1 is linear in cores")]
    lines = ["\n## Targets of the parts\n", "| what | reached | target | |", "|---|---|---|---|"]
    for what, value, target, note in rows:
        if value is not None:
            verdict = "met" if value <= target else "missed"
            lines.append(f"| {what} | {whole.number_text(value)} | {target} | {'; '.join(filter(None, [verdict, note]))} |")
    return lines if len(lines) > 3 else []


def over(above, below, name, factor=1):
    return factor * above[name] / below[name] if name in above and name in below else None


def main():
    folder = pathlib.Path(sys.argv[1])
    all_records = list(records(folder))
    lines = ["# Benchmarks\n"] + machine(all_records)
    lines += targets(all_records)
    for name, title in (("whole", "Whole runs"), ("compare", "Beside Python")):
        if (folder / f"{name}.md").exists():
            lines += [f"\n## {title}\n", (folder / f"{name}.md").read_text().rstrip()]
    lines.append("\n## Parts")
    for program, results in all_records:
        lines += part(program, results)
    (folder / "summary.md").write_text("\n".join(lines) + "\n")
    print(f"Summary: {folder / 'summary.md'}")


if __name__ == "__main__":
    main()
