"""Tracking numbers of an independent reference, computed once.

Reference: TrackEval 1.3.0 (package ``trackeval``, MIT licence) with NumPy 2.4.6; metrics HOTA,
CLEAR and Identity at their defaults on ``MotChallenge2DBox``, ``DO_PREPROC`` on, ``BENCHMARK``
MOT16 where the truth has classes and MOT15 where it has not:

    trackeval.Evaluator(config).evaluate(
        [trackeval.datasets.MotChallenge2DBox(
            {"BENCHMARK": "MOT16", "SKIP_SPLIT_FOL": True, "SEQ_INFO": {name: frames},
             "GT_FOLDER": truth, "TRACKERS_FOLDER": tracks})],
        [trackeval.metrics.HOTA(), trackeval.metrics.CLEAR(), trackeval.metrics.Identity()])

TUD_CAMPUS and MOT16_13 are the shared ground truth against the sample tracks beside it (of
MOT16-13 the first 375 frames); the others are ``synthetic.sequence`` with the seed in the name,
``CLASSES_1_AND_2`` the reference's COMBINED_SEQ of two.
"""

from __future__ import annotations

TUD_CAMPUS: dict[str, float] = {
    "hota": 0.3913974378451139,
    "deta": 0.418047030142763,
    "assa": 0.36912068120832836,
    "loca": 0.770052227022172,
    "mota": 0.5264623955431755,
    "motp": 0.7227989153605385,
    "id_switches": 7,
    "tp": 209,
    "fp": 13,
    "fn": 150,
    "fragments": 7,
    "mostly_lost": 1,
    "idf1": 0.5576592082616179,
    "idtp": 162,
    "idfp": 60,
    "idfn": 197,
}
MOT16_13: dict[str, float] = {
    "hota": 0.2366311467155344,
    "deta": 0.16462897927354153,
    "assa": 0.3443665130515015,
    "loca": 0.7908605283811944,
    "mota": 0.19216573401595427,
    "motp": 0.7527314562267027,
    "id_switches": 34,
    "tp": 1855,
    "fp": 207,
    "fn": 6544,
    "fragments": 54,
    "mostly_lost": 54,
    "idf1": 0.2837204856132301,
    "idtp": 1484,
    "idfp": 578,
    "idfn": 6915,
}
CLASSES_1: dict[str, float] = {
    "hota": 0.29529312166541416,
    "deta": 0.35848762966905845,
    "assa": 0.24366202313554006,
    "loca": 0.7147862775479931,
    "mota": -0.003484320557491289,
    "motp": 0.6635923074966815,
    "id_switches": 18,
    "tp": 197,
    "fp": 180,
    "fn": 90,
    "fragments": 60,
    "mostly_lost": 0,
    "idf1": 0.3825301204819277,
    "idtp": 127,
    "idfp": 250,
    "idfn": 160,
}
NO_CLASSES_1: dict[str, float] = {
    "hota": 0.2970042509640719,
    "deta": 0.44951610172757317,
    "assa": 0.19686699683709663,
    "loca": 0.7151537393546524,
    "mota": 0.3490566037735849,
    "motp": 0.6589595996463324,
    "id_switches": 34,
    "tp": 369,
    "fp": 150,
    "fn": 161,
    "fragments": 105,
    "mostly_lost": 0,
    "idf1": 0.39466158245948524,
    "idtp": 207,
    "idfp": 312,
    "idfn": 323,
}
CLASSES_1_AND_2: dict[str, float] = {
    "hota": 0.28729315557355595,
    "deta": 0.3481298045642569,
    "assa": 0.2377842913346542,
    "loca": 0.7182042683978123,
    "mota": 0.005226480836236934,
    "motp": 0.6668392988972816,
    "id_switches": 30,
    "tp": 391,
    "fp": 358,
    "fn": 183,
    "fragments": 124,
    "mostly_lost": 0,
    "idf1": 0.3794406651549509,
    "idtp": 251,
    "idfp": 498,
    "idfn": 323,
}
