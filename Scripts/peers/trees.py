"""Boosted trees by XGBoost's Python package and scikit-learn, on the rows of `riskgraph bench trees --data FOLDER`.

    trees.py FOLDER [xgboost] [sklearn]     reads FOLDER/{train,test}.{x,y}.npy; ROUNDS and DEPTH as there
"""
import os

import measured
import numpy as np
from measured import THREADS, median_seconds, run, say

ROUNDS = int(os.environ.get("ROUNDS", "100"))
DEPTH = int(os.environ.get("DEPTH", "6"))


def rows(folder):
    return [np.load(f"{folder}/{part}.npy") for part in ("train.x", "train.y", "test.x", "test.y")]


def area(scores, classes):
    order = np.argsort(scores, kind="stable")
    ranks = np.empty(len(scores))
    ranks[order] = np.arange(1, len(scores) + 1)
    positives = classes == 1
    count = positives.sum()
    return float((ranks[positives].sum() - count * (count + 1) / 2) / (count * (len(scores) - count)))


def xgboost(folder):
    import xgboost as xgb
    x, y, fresh, truth = rows(folder)
    settings = {
        "tree_method": "hist", "nthread": THREADS, "eta": 0.1, "max_depth": DEPTH, "min_child_weight": 1,
        "lambda": 1, "objective": "binary:logistic", "seed": 1,
    }

    def grow():
        # Cut into bins as it is handed over: its guide's advice for this method.
        return xgb.train(settings, xgb.QuantileDMatrix(x, y, nthread=THREADS), ROUNDS)

    seconds, model = median_seconds(grow)
    say("XGBoost in Python", "grow", seconds)
    seconds, scores = median_seconds(lambda: model.inplace_predict(fresh))
    say("XGBoost in Python", "predict", seconds, AUROC=area(scores, truth))
    few = fresh[:2000]
    seconds, _ = median_seconds(lambda: model.predict(xgb.DMatrix(few, nthread=THREADS), pred_contribs=True))
    say("XGBoost in Python", "explain", seconds)


def sklearn(folder):
    from sklearn.ensemble import HistGradientBoostingClassifier
    x, y, fresh, truth = rows(folder)

    def grow():
        return HistGradientBoostingClassifier(
            max_iter=ROUNDS, learning_rate=0.1, max_depth=DEPTH, max_leaf_nodes=2 ** DEPTH, min_samples_leaf=1,
            l2_regularization=1, early_stopping=False, random_state=1).fit(x, y)

    seconds, model = median_seconds(grow)
    say("scikit-learn", "grow", seconds)
    seconds, scores = median_seconds(lambda: model.predict_proba(fresh)[:, 1])
    say("scikit-learn", "predict", seconds, AUROC=area(scores, truth))


run({"xgboost": xgboost, "sklearn": sklearn})
