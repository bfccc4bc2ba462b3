#!/usr/bin/env python3
"""The same work in Python and in linnet, in turn: ratios of the medians (below 1: linnet is faster).

    benchmarks/compare.py [--rounds N] [--only NAME ...] [--shared DIR] [--python FILE] [--program FILE] [--out DIR]

Python's side is in_python.py: plain torch (Debian's python3-torch, python3-torchvision), and fastai where
`import fastai` works (set PYTHONPATH). linnet's side: the program (as whole.py runs it) or a benchmark of
build/benchmarks (`./dev bench` builds them). What is missing is skipped. Writes DIR/compare.json and DIR/compare.md.
"""
import collections
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile

import whole
from whole import Skip

HERE = pathlib.Path(__file__).resolve().parent
Pair = collections.namedtuple("Pair", "what python linnet target")


def in_python(name, options, number):
    """Seconds, of the child process that does this work."""
    result = whole.run([options.python, HERE / "in_python.py", name, options.shared, number])
    said = whole.of_kind(result, "result")[-1][1]
    if "skipped" in said:
        raise Skip(f"{options.python}: {said['skipped']}")
    return said["seconds"] if "seconds" in said else 1 / said["rate"]


def benchmark(options, name, run, environment):
    """The results of one run of one benchmark program."""
    program = options.program.parent.parent / "benchmarks" / name
    if not program.exists():
        raise Skip(f"there is no {program}: ./dev bench builds it")
    with tempfile.NamedTemporaryFile(prefix="linnet-bench-") as out:
        done = subprocess.run([program, f"--benchmark_filter={run}", f"--benchmark_out={out.name}",
                               "--benchmark_out_format=json"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True, env={**os.environ, **environment})
        text = pathlib.Path(out.name).read_text()
    if done.returncode != 0 or not text:
        raise RuntimeError(f"{program} ended with {done.returncode}: {done.stderr[-2000:]}")
    return json.loads(text)["benchmarks"][0]


def time_of(name, run):
    """Seconds of one pass of a benchmark."""
    def measure(machine, options, _):
        unit = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "s": 1.0}
        shared = options.shared / "data"
        result = benchmark(options, name, run, {"LINNET_BENCH_PICTURE": str(shared / "chapter1_cat_example.jpg"),
                                                "LINNET_BENCH_MODEL": str(machine.model())}
                           if name == "vision.predict_bench" else {})
        return result["real_time"] * unit[result["time_unit"]]
    return measure


def loader(machine, options, _):
    pictures = machine.data("data", "pets", "images")
    result = benchmark(options, "data.loader_bench", "workers:2", {"LINNET_BENCH_PICTURES": str(pictures)})
    return 1 / result["pictures/s"]


def fit_of(measure, figure):
    return lambda machine, _, number: measure(machine, number)[figure]


STEP = "train.step_bench"
PREDICT = "vision.predict_bench"  # 2: folded, bfloat16; 1: folded, float32

# The targets are issue 7's.
PAIRS = {
    "step_float32": Pair("torch: step of resnet18, float32", "torch_step_float32",
                         time_of(STEP, "resnet18_float32_whole"), None),
    "step_bfloat16": Pair("torch: step of resnet18, bfloat16", "torch_step_bfloat16",
                          time_of(STEP, "resnet18_bfloat16_whole"), None),
    "frozen_float32": Pair("torch: frozen step of resnet18, float32", "torch_frozen_float32",
                           time_of(STEP, "resnet18_float32_frozen"), None),
    "frozen_bfloat16": Pair("torch: frozen step of resnet18, bfloat16", "torch_frozen_bfloat16",
                            time_of(STEP, "resnet18_bfloat16_frozen"), None),
    "forward_float32": Pair("torch: warm forward of one picture, float32", "torch_forward_float32",
                            time_of(PREDICT, "^forward/1/"), None),
    "forward_bfloat16": Pair("torch: warm forward of one picture, bfloat16", "torch_forward_bfloat16",
                             time_of(PREDICT, "^forward/2/"), None),
    "predict": Pair("fastai: one warm predict", "fastai_predict", time_of(PREDICT, "^predict/2/"), None),
    "loader": Pair("fastai: the loader alone, a picture", "fastai_loader", loader, 1 / 3),
    "adult": Pair("fastai: adult_sample, three epochs", "fastai_adult",
                  fit_of(whole.adult, "adult_sample, three epochs"), 0.07),
    "movie_lens": Pair("fastai: movie_lens_sample, fine_tune(10)", "fastai_movie_lens",
                       fit_of(whole.movie_lens, "movie_lens_sample, fine_tune(10)"), 0.08),
    "pets_bfloat16": Pair("fastai: Pets fine_tune(1), linnet in bfloat16", "fastai_pets",
                          fit_of(whole.pets_bfloat16, "Pets fine_tune(1), bfloat16"), 0.29),
    "pets_float32": Pair("fastai: Pets fine_tune(1), both in float32", "fastai_pets",
                         fit_of(whole.pets_float32, "Pets fine_tune(1), float32"), 0.6),
    "camvid": Pair("fastai: camvid_tiny, fine_tune(8)", "fastai_camvid",
                   fit_of(whole.camvid, "camvid_tiny, fine_tune(8)"), 0.35),
}


def measurements(machine, options):
    """Each gives the seconds of both sides, Python's first; what two pairs share is done once a round."""
    done = {}

    def both(pair, number):
        if (pair.python, number) not in done:
            done[pair.python, number] = in_python(pair.python, options, number)
        return {f"{pair.what}: python": done[pair.python, number],
                f"{pair.what}: linnet": pair.linnet(machine, options, number)}
    return {name: lambda number, pair=pair: both(pair, number) for name, pair in PAIRS.items()}


def row(pair, values):
    python, linnet = values[f"{pair.what}: python"], values[f"{pair.what}: linnet"]
    return {"what": pair.what, "python": python, "linnet": linnet, "target": pair.target,
            "ratio": statistics.median(linnet) / statistics.median(python)}


def spread(values):
    def text(seconds):
        return f"{1000 * seconds:.3g} ms" if seconds < 1 else f"{whole.number_text(seconds)} s"
    return f"{text(statistics.median(values))} ({text(min(values))} to {text(max(values))})"


def markdown(rows, left_out):
    lines = ["| what | Python: median (min to max) | linnet | ratio | target | |", "|---|---|---|---|---|---|"]
    for each in rows:
        target = each["target"]
        verdict = "" if target is None else "met" if each["ratio"] <= target else "missed"
        lines.append(f"| {each['what']} | {spread(each['python'])} | {spread(each['linnet'])} | {each['ratio']:.2f} | "
                     f"{'' if target is None else f'{target:.2f}'} | {verdict} |")
    lines += [f"\n{name}: {reason.splitlines()[0]}" for name, reason in left_out.items()]
    return "\n".join(lines) + "\n"


def main():
    parser = whole.arguments_parser(__doc__, PAIRS, 3)
    parser.add_argument("--python", default="/usr/bin/python3", help="the Python that has torch (default %(default)s)")
    options = parser.parse_args()
    options.program, options.shared = options.program.resolve(), options.shared.resolve()
    with tempfile.TemporaryDirectory(prefix="linnet-bench-") as work:
        machine = whole.Machine(options.program, options.shared, pathlib.Path(work))
        values, left_out = whole.in_turn(measurements(machine, options), options.only, options.rounds)
    rows = [row(pair, values) for pair in PAIRS.values() if f"{pair.what}: linnet" in values]
    table = markdown(rows, left_out)
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / "compare.json").write_text(json.dumps({"pairs": rows, "left_out": left_out}, indent=1) + "\n")
    (options.out / "compare.md").write_text(table)
    print(table)
    return 1 if any(reason.startswith("FAILED") for reason in left_out.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
