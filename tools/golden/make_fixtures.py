#!/usr/bin/env python3
"""Writes the golden values: one JSON file per topic, larger tensors and pictures beside it, and index.json.

    make_fixtures.py --seed S --out DIR [--only topic,topic]

Needs fastai 2.7.18 and timm 1.0.11 on PYTHONPATH: see README.md, or use make.sh. The same seed gives the same bytes on
the same kind of processor.
"""
import argparse
import importlib
import json
import os
import sys
import time
from pathlib import Path

# In this order in index.json.
TOPICS = (
    'head_and_model schedules optimizers resize augment metrics losses splitters learner_trace labellers interp tabular'
    ' collab tokenize awd_lstm unet mixup tta timm'
).split()


def repeatable():
    "Starts again with a fixed hash seed: the order of sets must not depend on the process."
    if os.environ.get('PYTHONHASHSEED') != '0':
        os.environ['PYTHONHASHSEED'] = '0'
        os.execv(sys.executable, [sys.executable] + sys.argv)


def arguments():
    parser = argparse.ArgumentParser(description='Writes golden values by running fastai.')
    parser.add_argument('--seed', type=int, required=True, help='1 is the set in tests/golden')
    parser.add_argument('--out', type=Path, required=True, help='the folder to write to')
    parser.add_argument('--only', default='', help='topics separated by commas; all without it')
    args = parser.parse_args()
    args.topics = [name for name in args.only.split(',') if name] or TOPICS
    unknown = [name for name in args.topics if name not in TOPICS]
    if unknown:
        parser.error(f'unknown topic {", ".join(unknown)}; topics are {", ".join(TOPICS)}')
    return args


def write_index(out, seed, versions):
    files = {f.name: f.stat().st_size for f in sorted(out.iterdir()) if f.suffix != '.md' and f.name != 'index.json'}
    index = dict(format=1, seed=seed, versions=versions, topics=TOPICS, files=files)
    (out / 'index.json').write_text(json.dumps(index, indent=1) + '\n')


def main():
    args = arguments()
    from fixtures.context import VERSIONS, Context

    args.out.mkdir(parents=True, exist_ok=True)
    versions = dict(VERSIONS)
    for name in TOPICS:
        if name not in args.topics:
            continue
        start = time.time()
        for old in [*args.out.glob(f'{name}__*'), *args.out.glob(f'{name}.json')]:
            old.unlink()
        importlib.import_module(f'fixtures.topics.{name}').make(Context(args.out, args.seed, name))
        print(f'{name:16s} {time.time() - start:6.1f}s', flush=True)
    if not args.only:
        write_index(args.out, args.seed, versions)


if __name__ == '__main__':
    repeatable()
    main()
