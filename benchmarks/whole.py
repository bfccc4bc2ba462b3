#!/usr/bin/env python3
"""Whole runs of the program, from a shell's point of view: seconds, memory, and whether the targets are met.

    benchmarks/whole.py [--rounds N] [--only NAME ...] [--shared DIR] [--program FILE] [--out DIR]

Each measurement is run once a round, all in turn, so that a slow minute of the machine falls on all of them.
Writes DIR/whole.json and DIR/whole.md: medians, the least and the most. Needs only Python's standard library.

"fit" is what fastai's own figures are of: from the first line of the table to its last, validation included; reading
the data, loading LibTorch and saving the model are in "process" beside it.
"""
import argparse
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

Figure = collections.namedtuple("Figure", "name unit target note", defaults=(None, ""))
Run = collections.namedtuple("Run", "seconds gigabytes events")  # events: (seconds from the start, what it said)


class Skip(Exception):
    """What a measurement needs is not there."""


def run(command, environment=None):
    """Runs a command to its end; reads the JSON lines that it prints."""
    events = []
    with tempfile.TemporaryFile("w+") as errors:
        begin = time.perf_counter()
        child = subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, stderr=errors, text=True,
                                 stdin=subprocess.DEVNULL, env=environment)
        for line in child.stdout:
            if line.startswith("{"):
                events.append((time.perf_counter() - begin, json.loads(line)))
        child.stdout.close()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begin
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode != 0:
            errors.seek(0)
            raise RuntimeError(f"{' '.join(map(str, command))}\nended with {child.returncode}: {errors.read()[-2000:]}")
    return Run(seconds, usage.ru_maxrss / 2**20, events)


def of_kind(result, kind):
    return [(when, event) for when, event in result.events if event.get("event") == kind]


def fit_seconds(result):
    return of_kind(result, "epoch")[-1][0] - of_kind(result, "fit")[0][0]


class Machine:
    """Where things are, and a model to predict with."""

    def __init__(self, program, shared, work):
        self.program, self.shared, self.work = program, shared, work
        self._model = None
        self._runs = 0

    def data(self, *names):
        path = self.shared.joinpath(*names)
        if not path.exists():
            raise Skip(f"there is no {path}")
        return path

    def train(self, *words):
        """`linnet train`, without a report, into a folder of its own, which is `last` afterwards."""
        self._runs += 1
        self.last = self.work / f"run{self._runs}"
        return run([self.program, "train", *words, "--no-report", "--json", "--out", self.last])

    def train_pets(self, *words):
        return self.train(self.data("data", "pets", "images"), "--label", "name-case", "--arch", "resnet18",
                          "--weights", self.data("weights", "resnet18.pth"), *words)

    def model(self):
        if self._model is None:
            self.train_pets("--subset", 0.1)
            self._model = self.last / "model.safetensors"
        return self._model


def pets(machine, number, precision, name):
    result = machine.train_pets("--seed", number, "--precision", precision)
    return {name: fit_seconds(result), f"{name}: process": result.seconds, f"{name}: memory": result.gigabytes,
            f"{name}: error": of_kind(result, "epoch")[-1][1]["error_rate"]}


def pets_bfloat16(machine, number):
    return pets(machine, number, "bfloat16", "Pets fine_tune(1), bfloat16")


def pets_float32(machine, number):
    return pets(machine, number, "float32", "Pets fine_tune(1), float32")


def predict(machine, _):
    photograph = machine.data("data", "chapter1_cat_example.jpg")
    result = [run([machine.program, "predict", machine.model(), photograph]) for _ in range(3)]
    return {"linnet predict MODEL cat.jpg": statistics.median(r.seconds for r in result),
            "linnet predict: memory": max(r.gigabytes for r in result)}


def start(machine, _):
    def middle(word):
        return statistics.median(run([machine.program, word]).seconds for _ in range(11))
    return {"linnet --help": middle("--help"), "linnet --version": middle("--version")}


def adult(machine, number):
    result = machine.train("tabular", machine.data("data", "adult_sample", "adult.csv"), "--y", "salary", "--cat",
                           "workclass,education,marital-status,occupation,relationship,race", "--cont",
                           "age,fnlwgt,education-num", "--epochs", 3, "--seed", number)
    return {"adult_sample, three epochs": fit_seconds(result), "adult_sample: process": result.seconds}


def movie_lens(machine, number):
    result = machine.train("collab", machine.data("data", "movie_lens_sample", "ratings.csv"), "--y-range", "0.5,5.5",
                           "--epochs", 10, "--seed", number)
    return {"movie_lens_sample, fine_tune(10)": fit_seconds(result), "movie_lens_sample: process": result.seconds}


def camvid(machine, number):
    result = machine.train("segment", machine.data("data", "camvid_tiny"), "--labels", "labels/{stem}_P.png", "--arch",
                           "resnet18", "--weights", machine.data("weights", "resnet18.pth"), "--batch-size", 8,
                           "--epochs", 8, "--seed", number)
    return {"camvid_tiny, fine_tune(8)": fit_seconds(result), "camvid_tiny: process": result.seconds,
            "camvid_tiny: memory": result.gigabytes,
            "camvid_tiny: valid_loss": of_kind(result, "epoch")[-1][1]["valid_loss"]}


def growth(machine, _):
    """One epoch of a tiny network over links to the Pets files, ten times as many each time."""
    files = sorted(machine.data("data", "pets", "images").glob("*.jpg"))
    each = {}
    for count in (1000, 10000, 100000):
        folder = machine.work / f"links{count}"
        if not folder.exists():
            folder.mkdir()
            for i in range(count):  # the name's first letter is the label
                file = files[i % len(files)].resolve()
                (folder / f"{file.stem}_{i}.jpg").symlink_to(file)
        result = machine.train(folder, "--label", "name-case", "--arch", "resnet10_slim", "--weights", "none", "--size",
                               32, "--epochs", 1, "--fit", "fit_one_cycle")
        first = of_kind(result, "fit")[0][0]
        each[count] = (of_kind(result, "epoch")[-1][0] - first) / count * 1000
        begin = first  # of the largest at the end
    return {"growth: start-up over 100,000 files": begin, "growth: 1,000 pictures of 1,000": each[1000],
            "growth: 1,000 pictures of 10,000": each[10000], "growth: 1,000 pictures of 100,000": each[100000],
            "growth: 100,000 over 10,000, a picture": each[100000] / each[10000]}


MEASUREMENTS = {f.__name__: f for f in (pets_bfloat16, pets_float32, predict, start, adult, movie_lens, camvid, growth)}

# The targets are those of issue 7; ratios to fastai are compare.py's.
FIGURES = [
    Figure("Pets fine_tune(1), bfloat16", "s", 42),
    Figure("Pets fine_tune(1), bfloat16: process", "s"),
    Figure("Pets fine_tune(1), bfloat16: memory", "GiB", 2.5),
    Figure("Pets fine_tune(1), bfloat16: error", "", None, "fastai's median of five seeds: 0.033"),
    Figure("Pets fine_tune(1), float32", "s", None, "0.6 of fastai: compare.py"),
    Figure("Pets fine_tune(1), float32: process", "s"),
    Figure("Pets fine_tune(1), float32: memory", "GiB", 2.5),
    Figure("Pets fine_tune(1), float32: error", "", None, "fastai's median of five seeds: 0.033"),
    Figure("linnet predict MODEL cat.jpg", "s", 0.9),
    Figure("linnet predict: memory", "GiB"),
    Figure("linnet --help", "s", 0.05),
    Figure("linnet --version", "s", 0.05),
    Figure("adult_sample, three epochs", "s", 1.2),
    Figure("adult_sample: process", "s"),
    Figure("movie_lens_sample, fine_tune(10)", "s", 0.25),
    Figure("movie_lens_sample: process", "s"),
    Figure("camvid_tiny, fine_tune(8)", "s", 100),
    Figure("camvid_tiny: process", "s"),
    Figure("camvid_tiny: memory", "GiB"),
    Figure("camvid_tiny: valid_loss", "", 0.80),
    Figure("growth: start-up over 100,000 files", "s", 3),
    Figure("growth: 1,000 pictures of 1,000", "s"),
    Figure("growth: 1,000 pictures of 10,000", "s"),
    Figure("growth: 1,000 pictures of 100,000", "s"),
    Figure("growth: 100,000 over 10,000, a picture", "x", 1.1, "1 is linear"),
]


def in_turn(measurements, only, rounds):
    """Calls each measurement once a round; gives name -> values. One that fails or lacks something is left out."""
    values = collections.defaultdict(list)
    left_out = {}
    for number in range(1, rounds + 1):
        for name, measure in measurements.items():
            if (only and name not in only) or name in left_out:
                continue
            print(f"   round {number}: {name}", file=sys.stderr, flush=True)
            try:
                for figure, value in measure(number).items():
                    values[figure].append(value)
            except Skip as reason:
                left_out[name] = f"skipped: {reason}"
            except (RuntimeError, OSError, LookupError) as reason:
                left_out[name] = f"FAILED: {reason}"
            if name in left_out:
                print(f"   {name} {left_out[name]}", file=sys.stderr, flush=True)
    return values, left_out


def number_text(value):
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def verdict(figure, value):
    if figure.target is None:
        return figure.note
    return ("met" if value <= figure.target else "missed") + (f"; {figure.note}" if figure.note else "")


def markdown(figures, values, left_out):
    lines = ["| what | median | min to max | runs | target | |", "|---|---|---|---|---|---|"]
    for figure in figures:
        seen = values.get(figure.name)
        if not seen:
            continue
        unit = f" {figure.unit}" if figure.unit else ""
        target = "" if figure.target is None else f"{figure.target:g}{unit}"
        lines.append(f"| {figure.name} | {number_text(statistics.median(seen))}{unit} | {number_text(min(seen))} to "
                     f"{number_text(max(seen))} | {len(seen)} | {target} | {verdict(figure, statistics.median(seen))} |")
    lines += [f"\n{name}: {reason.splitlines()[0]}" for name, reason in left_out.items()]
    return "\n".join(lines) + "\n"


def write(out, stem, figures, values, left_out):
    out.mkdir(parents=True, exist_ok=True)
    rows = [{"name": f.name, "unit": f.unit, "target": f.target, "median": statistics.median(values[f.name]),
             "min": min(values[f.name]), "max": max(values[f.name]), "values": values[f.name]}
            for f in figures if values.get(f.name)]
    (out / f"{stem}.json").write_text(json.dumps({"figures": rows, "left_out": left_out}, indent=1) + "\n")
    table = markdown(figures, values, left_out)
    (out / f"{stem}.md").write_text(table)
    print(table)


def arguments_parser(text, names, rounds):
    root = pathlib.Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=rounds, help=f"how often each is measured (default {rounds})")
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=list(names), help=", ".join(names))
    parser.add_argument("--shared", type=pathlib.Path, default=root.parent / "shared", help="the data's folder")
    parser.add_argument("--program", type=pathlib.Path, default=root / "build/bin/linnet")
    parser.add_argument("--out", type=pathlib.Path, default=root / "build/bench")
    return parser


def main():
    options = arguments_parser(__doc__, MEASUREMENTS, 3).parse_args()
    with tempfile.TemporaryDirectory(prefix="linnet-bench-") as work:
        machine = Machine(options.program.resolve(), options.shared.resolve(), pathlib.Path(work))
        bound = {name: lambda n, f=f: f(machine, n) for name, f in MEASUREMENTS.items()}
        values, left_out = in_turn(bound, options.only, options.rounds)
    write(options.out, "whole", FIGURES, values, left_out)
    return 1 if any(reason.startswith("FAILED") for reason in left_out.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
