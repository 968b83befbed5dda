"""How well does the product do on labelled media? One function a question, as the verbs call it."""

from __future__ import annotations

from personae.app.evaluating_blink import BlinkReport, blink
from personae.app.evaluating_clustering import ClusteringReport, clustering
from personae.app.evaluating_crowd import CountReport, crowd
from personae.app.evaluating_spoof import SpoofReport, spoof
from personae.app.evaluating_timeline import timeline
from personae.app.evaluating_tracking import TrackingOptions, TrackingReport, tracking
from personae.app.evaluating_verification import VerificationReport, verification

__all__ = [
    "BlinkReport",
    "ClusteringReport",
    "CountReport",
    "SpoofReport",
    "TrackingOptions",
    "TrackingReport",
    "VerificationReport",
    "blink",
    "clustering",
    "crowd",
    "spoof",
    "timeline",
    "tracking",
    "verification",
]
