#!/usr/bin/env python3
"""Writes what fastai's learn.export() and learn.save() write, and beside it expected.json: what those learners predict.

    make_exports.py SHARED OUT [SEED]

SHARED holds data/pets, data/adult_sample, data/movie_lens_sample, data/imdb_sample and weights/resnet18.pth. OUT gets
pets.pkl, adult.pkl, ratings.pkl, reviews.pkl and pets_saved.pth, about 180 MB. They are not part of the repository.
"""
import json
import sys
import warnings

warnings.filterwarnings('ignore')

import pandas as pd  # noqa: E402
import torch  # noqa: E402
import torchvision  # noqa: E402
from torch import nn  # noqa: E402

from fastai.collab import CollabDataLoaders, collab_learner  # noqa: E402
from fastai.tabular.all import Categorify, FillMissing, TabularDataLoaders, tabular_learner  # noqa: E402
from fastai.tabular.all import Normalize as NormalizeTable  # noqa: E402
from fastai.text.all import AWD_LSTM, BaseTokenizer, TextBlock  # noqa: E402
from fastai.text.all import awd_lstm_clas_config, text_classifier_learner  # noqa: E402
from fastai.vision.all import CategoryBlock, ColReader, DataBlock, ImageDataLoaders, Normalize  # noqa: E402
from fastai.vision.all import Path, RandomSplitter, Resize, accuracy, error_rate, get_image_files  # noqa: E402
from fastai.vision.all import imagenet_stats, resnet18, set_seed, vision_learner  # noqa: E402

torch.set_num_threads(2)


def is_cat(x):
    "the book's label function: its name, __main__.is_cat, stands in the exported file"
    return x[0].isupper()


class Quiet:
    "no progress bars and no tables while `learn` works"

    def __init__(self, learn):
        self.contexts = learn.no_bar(), learn.no_logging()

    def __enter__(self):
        for context in self.contexts:
            context.__enter__()

    def __exit__(self, *error):
        for context in reversed(self.contexts):
            context.__exit__(*error)


def floats(values):
    return [float(v) for v in values]


def export(learn, out, name):
    learn.path = out
    learn.export(name)


def pets(shared, out, seed):
    "the book's first program: names, a function of __main__, Resize, Normalize, resnet18"
    images = shared / 'data/pets/images'
    files = sorted(get_image_files(images))
    set_seed(seed)
    dls = ImageDataLoaders.from_name_func(
        images, files[seed::5][:160], valid_pct=0.2, seed=42, label_func=is_cat, item_tfms=Resize(96), bs=32
    )
    learn = vision_learner(dls, resnet18, metrics=error_rate, pretrained=False)
    pretrained = torchvision.models.resnet18()
    pretrained.load_state_dict(torch.load(shared / 'weights/resnet18.pth'))
    learn.model[0].load_state_dict(nn.Sequential(*list(pretrained.children())[:-2]).state_dict())
    learn.dls.add_tfms([Normalize.from_stats(*imagenet_stats)], 'after_batch')
    learn.freeze()
    with Quiet(learn):
        learn.fine_tune(1)
    export(learn, out, 'pets.pkl')

    def predicted(path):
        with Quiet(learn):
            label, index, probs = learn.predict(path)
        return dict(file=path.name, label=str(label), index=int(index), probs=floats(probs))

    rows = [predicted(path) for path in files[(seed + 2) :: 37][:12]]
    vocab = [str(v) for v in dls.vocab]
    return learn, dict(kind='vision', arch='resnet18', size=96, vocab=vocab, predictions=rows)


def json_row(row):
    "a row of a table; what is missing is null"
    missing = [isinstance(v, float) and v != v for v in row]
    values = [None if no else v if isinstance(v, str) else float(v) for v, no in zip(row, missing)]
    return dict(zip(row.index, values))


def adult(shared, out, seed):
    "a table"
    path = shared / 'data/adult_sample/adult.csv'
    table = pd.read_csv(path)
    dls = TabularDataLoaders.from_df(
        table.iloc[seed * 500 : seed * 500 + 4000],
        path=out,
        procs=[Categorify, FillMissing, NormalizeTable],
        cat_names=['workclass', 'education', 'marital-status', 'occupation', 'relationship', 'race'],
        cont_names=['age', 'fnlwgt', 'education-num'],
        y_names='salary',
        bs=64,
        seed=seed,
    )
    learn = tabular_learner(dls, metrics=accuracy, layers=[32, 16])
    with Quiet(learn):
        learn.fit_one_cycle(2)
    export(learn, out, 'adult.pkl')

    def predicted(row):
        with Quiet(learn):
            _, index, probs = learn.predict(row)
        return dict(row=json_row(row), index=int(index), probs=floats(probs))

    first = 20000 + seed * 7
    rows = [predicted(row) for _, row in table.iloc[first : first + 10].iterrows()]
    return dict(kind='tabular', layers=[32, 16], vocab=[str(v) for v in dls.vocab], predictions=rows)


def ratings(shared, out, seed):
    "users' ratings of films"
    table = pd.read_csv(shared / 'data/movie_lens_sample/ratings.csv')
    dls = CollabDataLoaders.from_df(table, path=out, seed=seed, bs=64)
    learn = collab_learner(dls, n_factors=20, y_range=(0.5, 5.5))
    with Quiet(learn):
        learn.fine_tune(3)
    export(learn, out, 'ratings.pkl')
    asked = table.sample(12, random_state=seed)
    with Quiet(learn):
        preds, _ = learn.get_preds(dl=learn.dls.test_dl(asked))
    triples = zip(asked.iloc[:, 0], asked.iloc[:, 1], preds.reshape(-1))
    rows = [dict(user=int(user), item=int(item), rating=float(rating)) for user, item, rating in triples]
    return dict(kind='collab', columns=list(table.columns[:2]), predictions=rows)


def reviews(shared, out, seed):
    "text: a small AWD-LSTM"
    table = pd.read_csv(shared / 'data/imdb_sample/texts.csv')
    block = DataBlock(
        blocks=(TextBlock.from_df('text', tok=BaseTokenizer(), min_freq=3), CategoryBlock),
        get_x=ColReader('text'),
        get_y=ColReader('label'),
        splitter=RandomSplitter(0.2, seed=seed),
    )
    dls = block.dataloaders(table.iloc[seed * 50 : seed * 50 + 300], bs=16)
    config = awd_lstm_clas_config.copy()
    config.update(emb_sz=48, n_hid=64, n_layers=2)
    learn = text_classifier_learner(dls, AWD_LSTM, config=config, pretrained=False, metrics=accuracy, drop_mult=0.3)
    with Quiet(learn):
        learn.fit_one_cycle(1, 1e-2)
    export(learn, out, 'reviews.pkl')

    def predicted(text):
        with Quiet(learn):
            label, index, probs = learn.predict(text)
        return dict(text=text, label=str(label), index=int(index), probs=floats(probs))

    asked = ['I really liked that movie!', 'A dull, endless BORE.', 'Not bad at all.', *table['text'].iloc[900:904]]
    return dict(
        kind='text',
        config=config,
        vocab_size=len(dls.vocab[0]),
        classes=[str(v) for v in dls.vocab[1]],
        tokenizer='BaseTokenizer (split at spaces) after the default rules',
        predictions=[predicted(text) for text in asked],
    )


def main():
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    shared, out = Path(sys.argv[1]), Path(sys.argv[2])
    seed = int(sys.argv[3]) if len(sys.argv) == 4 else 1
    out.mkdir(parents=True, exist_ok=True)
    files = {}
    pets_learner, files['pets.pkl'] = pets(shared, out, seed)
    files['adult.pkl'] = adult(shared, out, seed)
    files['ratings.pkl'] = ratings(shared, out, seed)
    files['reviews.pkl'] = reviews(shared, out, seed)
    # Weights and optimizer, as learn.save() keeps them.
    pets_learner.path = out
    pets_learner.model_dir = '.'
    pets_learner.save('pets_saved')
    expected = dict(source='fastai 2.7.18, torch 1.13', seed=seed, files=files)
    (out / 'expected.json').write_text(json.dumps(expected, indent=1))


if __name__ == '__main__':
    main()
