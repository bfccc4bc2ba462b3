#!/usr/bin/env python3
"""compare.py A B: says which golden files differ in two folders, and by how much; exit code 1 if any does.

Numbers are compared relative to the larger one. What is computed in float32 differs in its last digits from one kind
of processor to another; what is computed in float64, names, shapes and pictures should not.
"""
import json
import sys
from pathlib import Path

import numpy as np


def relative(a, b):
    return abs(a - b) / max(abs(a), abs(b), 1e-300)


def differences(a, b, place=''):
    "yields (place, relative difference), infinite where not both are numbers"
    number = (int, float)
    if isinstance(a, dict) and isinstance(b, dict) and list(a) == list(b):
        for key in a:
            yield from differences(a[key], b[key], f'{place}.{key}')
    elif isinstance(a, list) and isinstance(b, list) and len(a) == len(b):
        for i, (left, right) in enumerate(zip(a, b)):
            name = left.get('name', i) if isinstance(left, dict) else i
            yield from differences(left, right, f'{place}[{name}]')
    elif isinstance(a, number) and isinstance(b, number) and not isinstance(a, bool):
        if a != b:
            yield place, relative(a, b)
    elif a != b:
        yield place, float('inf')


def file_differences(a, b):
    "the same for two files that do not hold the same bytes"
    if a.suffix == '.json':
        return list(differences(json.loads(a.read_text()), json.loads(b.read_text())))
    if a.suffix == '.npy':
        left, right = np.load(a), np.load(b)
        if left.shape == right.shape and left.dtype == right.dtype:
            return list(differences(left.reshape(-1).tolist(), right.reshape(-1).tolist()))
    return [('', float('inf'))]


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    first, second = Path(sys.argv[1]), Path(sys.argv[2])
    names = sorted({f.name for folder in (first, second) for f in folder.iterdir() if f.suffix != '.md'})
    same, found = 0, False
    for name in names:
        missing = [folder for folder in (first, second) if not (folder / name).exists()]
        if missing:
            print(f'{name}: not in {missing[0]}')
        elif (first / name).read_bytes() == (second / name).read_bytes():
            same += 1
            continue
        else:
            found_here = file_differences(first / name, second / name)
            place, worst = max(found_here, key=lambda difference: difference[1], default=('', 0.0))
            print(f'{name}: {len(found_here)} differences, the largest {worst:.1e} at {place}')
        found = True
    print(f'{same} of {len(names)} files are byte-identical')
    sys.exit(1 if found else 0)


if __name__ == '__main__':
    main()
