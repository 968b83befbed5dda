"""Nearest vectors by an exact scan in memory: faiss, half precision, inner product.

Graph indexes lose strangers and break under filters; an exact scan reads each vector once, at the
pace of the memory, and a million faces are a quarter of a gigabyte (see benchmarks/search_scale).
"""

from __future__ import annotations

import threading

import faiss
import numpy as np
from numpy.typing import NDArray

from personae.core.arrays import Ids, Numbers, Vectors
from personae.core.embedding import Matches, Space
from personae.core.errors import ShapeError

NO_SCORE = -1.0
"""Stands beside id -1; no cosine is less."""


class FaissIndex:
    """Exact inner-product search over float16 copies of the vectors of one space.

    The codes are the bytes the store keeps (IEEE half), in no particular order: a removal moves the
    last vector into the hole, so that removing and replacing cost what they touch. May be used from
    several threads; calls wait for each other.

    Args:
        space: the only space it holds.
        threads: for a batch of questions; a single question is one thread's work.
    """

    def __init__(self, space: Space, *, threads: int = 1) -> None:
        self._space = space
        self._threads = threads
        self._cursor = 0
        self._lock = threading.Lock()
        self._codes = faiss.IndexScalarQuantizer(
            space.size, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._ids: Ids = np.zeros(0, np.int64)
        # The ids in order and the slot of each, made when next needed after a change.
        self._sorted: tuple[Ids, Ids] | None = None

    @property
    def space(self) -> Space:
        """The only space it holds."""
        return self._space

    @property
    def cursor(self) -> int:
        """The last change of the store it has seen."""
        return self._cursor

    def __len__(self) -> int:
        """How many vectors it holds."""
        return len(self._ids)

    def apply(self, ids: Ids, vectors: Vectors, removed: Ids, cursor: int) -> None:
        """Adds or replaces, drops, and moves the cursor; all of it or, on an error, nothing.

        Args:
            ids: (N,) int64 from 0 on; of an id that comes twice the last vector counts.
            vectors: (N, D) unit rows.
            removed: (M,) ids to drop; unknown ones are passed over. What is added and removed at
                once is gone: to forget wins.
            cursor: the store's change number that this brings the index to.

        Raises:
            ShapeError: vectors do not fit the ids or the space, or are no unit vectors; an id is
                negative (-1 says nobody).
        """
        size = self._space.size
        if vectors.shape != (len(ids), size):
            raise ShapeError(f"vectors must be ({len(ids)}, {size}), got {vectors.shape}")
        if len(ids) and int(ids.min()) < 0:
            raise ShapeError(f"ids must not be negative, got {int(ids.min())}")
        # also false of what is no number; a little more than 1 is rounding
        if not (np.abs(vectors) <= 1.001).all():
            raise ShapeError("vectors must be finite and of length 1")
        codes = vectors.astype(np.float16)
        # np.unique keeps the first of equals: reversed, that is the last
        new, last = np.unique(ids[::-1], return_index=True)
        rows = (len(ids) - 1 - last)[~np.isin(new, removed)]
        with self._lock:
            self._drop(removed)
            self._put(ids[rows], codes[rows])
            self._cursor = cursor

    def search(self, space: Space, questions: Vectors, k: int, allowed: Ids | None) -> Matches:
        """The ``k`` largest cosines of each question, best first.

        Args:
            space: of the questions.
            questions: (Q, D) unit rows.
            k: how many at most, from 1 on.
            allowed: only these ids may be found; None is all.

        Returns:
            Matches, (Q, k), filled up with id -1 and score -1 where there are fewer.

        Raises:
            SpaceMismatch: the questions are of another space.
            ShapeError: questions are not (Q, D), or k is less than 1.
        """
        self._space.require(space)
        if questions.ndim != 2 or questions.shape[1] != space.size:
            raise ShapeError(f"questions must be (Q, {space.size}), got {questions.shape}")
        if k < 1:
            raise ShapeError(f"k must be at least 1, got {k}")
        ids = np.full((len(questions), k), -1, np.int64)
        scores = np.full((len(questions), k), NO_SCORE, np.float32)
        with self._lock:
            # Of more answers than there are vectors faiss would make as many blanks.
            most = min(k, len(self._ids))
            if most and len(questions):
                found, slots = self._scan(questions, most, allowed)
                real = slots >= 0
                ids[:, :most] = np.where(real, self._ids[slots], -1)
                scores[:, :most] = np.where(real, found, np.float32(NO_SCORE))
        return Matches(ids, scores, (ids >= 0).sum(1))

    def _scan(self, questions: Vectors, k: int, allowed: Ids | None) -> tuple[Numbers, Ids]:
        """(Q, k) scores and slots; slot -1 is nothing."""
        wanted = np.ascontiguousarray(questions, np.float32)
        # OpenMP keeps this number for each calling thread.
        faiss.omp_set_num_threads(self._threads)
        if allowed is None:
            scores, slots = self._codes.search(wanted, k)
        else:
            chosen = self._slots(allowed)
            mask = np.zeros(len(self._ids), np.bool_)
            mask[chosen[chosen >= 0]] = True
            bits = np.packbits(mask, bitorder="little")
            only = faiss.SearchParameters()
            # faiss keeps the bare pointer: bits must live as long as the search
            only.sel = faiss.IDSelectorBitmap(len(bits), faiss.swig_ptr(bits))
            scores, slots = self._codes.search(wanted, k, params=only)
        return np.asarray(scores, np.float32), np.asarray(slots, np.int64)

    def _slots(self, ids: Ids) -> Ids:
        """(N,) where each of ``ids`` lies, -1 where it does not hold it."""
        if not len(self._ids):
            return np.full(len(ids), -1, np.int64)
        if self._sorted is None:
            # Stable, because ids come mostly in order and that sort is quick then.
            order: Ids = np.argsort(self._ids, kind="stable")
            self._sorted = self._ids[order], order
        known, slots = self._sorted
        at = np.minimum(np.searchsorted(known, ids), len(known) - 1)
        return np.where(known[at] == ids, slots[at], -1)

    def _view(self) -> NDArray[np.float16]:
        """(n, D) faiss's own memory; holds until the next change of size."""
        codes = self._codes.codes
        raw = faiss.rev_swig_ptr(codes.data(), codes.size())
        return np.asarray(raw).view(np.float16).reshape(-1, self._space.size)

    def _put(self, ids: Ids, codes: NDArray[np.float16]) -> None:
        """Overwrites the ids it holds, appends the others; ``ids`` are all different."""
        slots = self._slots(ids)
        old = slots >= 0
        if old.any():
            self._view()[slots[old]] = codes[old]
        if not old.all():
            added = np.ascontiguousarray(codes[~old])
            self._codes.add_sa_codes(added.view(np.uint8))
            self._ids = np.concatenate([self._ids, ids[~old]])
            self._sorted = None

    def _drop(self, removed: Ids) -> None:
        """Fills the holes with the last vectors and leaves no copy of what went."""
        gone = np.unique(self._slots(removed))
        gone = gone[gone >= 0]
        if not len(gone):
            return
        left = len(self._ids) - len(gone)
        alive = np.ones(len(self._ids), bool)
        alive[gone] = False
        holes, movers = gone[gone < left], left + np.flatnonzero(alive[left:])
        view = self._view()
        view[holes] = view[movers]
        view[left:] = 0
        self._ids[holes] = self._ids[movers]
        self._ids = self._ids[:left].copy()
        self._codes.codes.resize(left * self._codes.code_size)
        self._codes.ntotal = left
        self._sorted = None
