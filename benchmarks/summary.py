#!/usr/bin/env python3
"""Puts all that `./dev bench` has left in a folder on one page: summary.py build/bench writes build/bench/summary.md.

The machine's measured peak comes first; then whole runs, the comparison with Python where there is one, and the parts.
"""
import json
import pathlib
import sys


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


def counters(result):
    own = {name: value for name, value in result.items() if name not in COMMON}
    if "items_per_second" in result:
        own["items/s"] = result["items_per_second"]
    return ", ".join(f"{name} {value:.3g}" if value < 1000 else f"{name} {value:.0f}" for name, value in own.items())


def part(program, results):
    lines = [f"\n### {program}\n", "| | time | |", "|---|---|---|"]
    for result in results["benchmarks"]:
        name = result["run_name"].removesuffix("/real_time").removesuffix("/manual_time")
        name = " ".join(filter(None, [name, result.get("label", "")]))
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
                lines.append(f"- {result['run_name'].split('/iterations')[0]}: {counters(result)}")
    return lines


def main():
    folder = pathlib.Path(sys.argv[1])
    all_records = list(records(folder))
    lines = ["# Benchmarks\n"] + machine(all_records)
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
