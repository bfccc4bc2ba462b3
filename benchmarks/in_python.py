#!/usr/bin/env python3
"""The work of compare.py in Python: each name is one process that prints one JSON line with "seconds" (or "rate").

    benchmarks/in_python.py NAME SHARED SEED

Plain torch needs Debian's python3-torch and python3-torchvision; fastai whatever makes `import fastai` work.
A module that cannot be imported gives {"skipped": reason}.
"""
import json
import os
import pathlib
import statistics
import sys
import tempfile
import time
import warnings

THREADS = len(os.sched_getaffinity(0))


def seconds_of(call):
    begin = time.perf_counter()
    call()
    return time.perf_counter() - begin


# ---- plain torch ----


def torch_step(precision, frozen):
    """A training step of resnet18 on 64 random pictures, as a Python user would write it: AdamW; bfloat16 by autocast
    and channels_last. Frozen: only the last layer and BatchNorm train."""
    import torch
    import torchvision
    torch.set_num_threads(THREADS)
    torch.manual_seed(1)
    model = torchvision.models.resnet18(num_classes=2)
    x, y = torch.rand(64, 3, 224, 224), torch.randint(2, (64,))
    if precision == "bfloat16":
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    if frozen:
        for module in model.modules():
            if isinstance(module, torch.nn.Conv2d):
                module.weight.requires_grad_(False)
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], 1e-3)

    def step():
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
            prediction = model(x)
        torch.nn.functional.cross_entropy(prediction.float(), y).backward()
        optimizer.step()
        optimizer.zero_grad()

    step()
    step()
    return {"seconds": statistics.median(seconds_of(step) for _ in range(3))}


def torch_forward(precision):
    """A warm forward pass of resnet18, one picture."""
    import torch
    import torchvision
    torch.set_num_threads(THREADS)
    model, x = torchvision.models.resnet18().eval(), torch.rand(1, 3, 224, 224)
    if precision == "bfloat16":
        model, x = model.to(memory_format=torch.channels_last), x.contiguous(memory_format=torch.channels_last)
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=precision == "bfloat16"):
        for _ in range(10):
            model(x)
        return {"seconds": statistics.median(seconds_of(lambda: model(x)) for _ in range(50))}


# ---- fastai ----


def pets_loaders(shared, seed):
    from fastai.vision.all import ImageDataLoaders, Resize, get_image_files
    path = shared / "data/pets/images"
    return ImageDataLoaders.from_name_func(path, get_image_files(path), valid_pct=0.2, seed=seed,
                                           label_func=lambda name: name[0].isupper(), item_tfms=Resize(224),
                                           num_workers=2)


def with_weights(shared, work):
    """Leaves resnet18's weights where torchvision looks for what it has fetched."""
    from torchvision.models import ResNet18_Weights
    folder = pathlib.Path(work) / "hub/checkpoints"
    folder.mkdir(parents=True)
    (folder / ResNet18_Weights.IMAGENET1K_V1.url.rsplit("/", 1)[1]).symlink_to(shared / "weights/resnet18.pth")
    os.environ["TORCH_HOME"] = str(work)


def timed_fit(learn, fit):
    with learn.no_bar(), learn.no_logging():
        return {"seconds": seconds_of(fit), "loss": float(learn.recorder.values[-1][1])}


def pets_learner(shared, seed, work):
    from fastai.vision.all import error_rate, resnet18, vision_learner
    with_weights(shared, work)
    return vision_learner(pets_loaders(shared, seed), resnet18, metrics=error_rate)


def fastai_pets(shared, seed, work):
    learn = pets_learner(shared, seed, work)
    return timed_fit(learn, lambda: learn.fine_tune(1))


def fastai_predict(shared, seed, work):
    """One warm predict of a photograph on the disk."""
    learn = pets_learner(shared, seed, work)
    photograph = shared / "data/chapter1_cat_example.jpg"
    with learn.no_bar(), learn.no_logging():
        for _ in range(5):
            learn.predict(photograph)
        return {"seconds": statistics.median(seconds_of(lambda: learn.predict(photograph)) for _ in range(20))}


def fastai_loader(shared, seed, _):
    """Decode, Resize(224), batch: two processes. The best of some passes, as data.loader_bench."""
    loader = pets_loaders(shared, seed).train
    items = len(loader) * loader.bs

    def all_batches():
        for _ in loader:
            pass

    return {"rate": items / min(seconds_of(all_batches) for _ in range(4))}


def fastai_adult(shared, seed, _):
    from fastai.tabular.all import (Categorify, FillMissing, Normalize, RandomSplitter, TabularDataLoaders, accuracy,
                                    pd, range_of, tabular_learner)
    table = pd.read_csv(shared / "data/adult_sample/adult.csv")
    dls = TabularDataLoaders.from_df(
        table, ".", procs=[Categorify, FillMissing, Normalize], y_names="salary",
        cat_names=["workclass", "education", "marital-status", "occupation", "relationship", "race"],
        cont_names=["age", "fnlwgt", "education-num"], bs=64, valid_idx=RandomSplitter(0.2, seed=seed)(range_of(table))[1])
    learn = tabular_learner(dls, metrics=accuracy)
    return timed_fit(learn, lambda: learn.fit_one_cycle(3))


def fastai_movie_lens(shared, seed, _):
    from fastai.collab import CollabDataLoaders, collab_learner
    dls = CollabDataLoaders.from_csv(shared / "data/movie_lens_sample/ratings.csv", bs=64, seed=seed)
    learn = collab_learner(dls, y_range=(0.5, 5.5))
    return timed_fit(learn, lambda: learn.fine_tune(10))


def fastai_camvid(shared, seed, work):
    from fastai.vision.all import SegmentationDataLoaders, get_image_files, np, resnet18, unet_learner
    with_weights(shared, work)
    path = shared / "data/camvid_tiny"
    dls = SegmentationDataLoaders.from_label_func(
        path, bs=8, fnames=get_image_files(path / "images"), seed=seed, num_workers=2,
        label_func=lambda file: path / "labels" / f"{file.stem}_P{file.suffix}",
        codes=np.loadtxt(path / "codes.txt", dtype=str))
    learn = unet_learner(dls, resnet18)
    return timed_fit(learn, lambda: learn.fine_tune(8))


def main():
    name, shared, seed = sys.argv[1], pathlib.Path(sys.argv[2]), int(sys.argv[3])
    warnings.filterwarnings("ignore")
    work = {
        "torch_step_float32": lambda _: torch_step("float32", False),
        "torch_step_bfloat16": lambda _: torch_step("bfloat16", False),
        "torch_frozen_float32": lambda _: torch_step("float32", True),
        "torch_frozen_bfloat16": lambda _: torch_step("bfloat16", True),
        "torch_forward_float32": lambda _: torch_forward("float32"),
        "torch_forward_bfloat16": lambda _: torch_forward("bfloat16"),
        **{f.__name__: lambda folder, f=f: f(shared, seed, folder)
           for f in (fastai_pets, fastai_predict, fastai_loader, fastai_adult, fastai_movie_lens, fastai_camvid)},
    }[name]
    try:
        import torch
        if name.startswith("fastai"):
            import fastai  # noqa: F401
        torch.set_num_threads(THREADS)
        with tempfile.TemporaryDirectory(prefix="linnet-bench-") as folder:
            result = work(folder)
    except ImportError as reason:
        result = {"skipped": str(reason)}
    print(json.dumps({"event": "result", **result}))


if __name__ == "__main__":
    main()
