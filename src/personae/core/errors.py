"""The error tree; every error carries a code to search for and says what to do.

PersonaeError                P000  exit 1
├── UsageError               P100  exit 2   the question cannot be answered as asked
│   ├── NoFaceFound          P101
│   ├── SeveralFaces         P102
│   ├── UnknownPerson        P103
│   ├── AmbiguousPerson      P104
│   ├── NothingToUndo        P105
│   ├── UnknownOption        P106
│   ├── NothingIndexed       P107
│   ├── ExtraMissing         P108
│   └── AlertsUnclear        P109           the rules for alerts are not understood
├── SourceError              P200  exit 3   a file or stream could not be read
│   ├── SourceMissing        P201
│   ├── SourceEmpty          P202
│   ├── SourceUnreadable     P203
│   ├── SourceTooLarge       P204
│   ├── SourceNoPicture      P205
│   ├── SourceTruncated      P206
│   ├── SourceStalled        P207
│   ├── SourceUnsupported    P208
│   ├── SourceCrashed        P209
│   ├── MetadataUnreadable   P210
│   ├── MetadataUnwritable   P211
│   └── WebError             P220           an address on the web gave no file
│       ├── WebRefused       P221
│       ├── WebNotFound      P222
│       ├── WebUnreachable   P223
│       ├── WebNothingThere  P224
│       ├── WebProtected     P225
│       └── WebTooLarge      P226
├── ModelError               P300  exit 4   a model or its weights
│   ├── WeightsMissing       P301
│   ├── WeightsCorrupt       P302
│   ├── SpaceMismatch        P303
│   └── ProviderMissing      P304
├── StoreError               P400  exit 5   the library's own files
│   ├── LibraryMissing       P401
│   ├── LibraryTooNew        P402
│   ├── LibraryBusy          P403
│   └── LibraryCorrupt       P404
├── ShapeError               P500  exit 6   an array is not what its name promises
├── DeliveryError            P600  exit 7   somebody outside could not be told
│   └── DeliveryRefused      P601           the receiver does not want it; trying again is no use
└── WatchBroken              P900  exit 10  a watch over cameras fell over
"""

from __future__ import annotations

from typing import ClassVar


class PersonaeError(Exception):
    """Root of the tree.

    Args:
        message: what happened, with the names and numbers involved.
        hint: what to do about it; the class's own advice when empty.
    """

    code: ClassVar[str] = "P000"
    exit_status: ClassVar[int] = 1
    advice: ClassVar[str] = "Run the command again with --verbose and read the log."

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint or self.advice

    def as_json(self) -> dict[str, str]:
        """The error as it appears in ``--json`` output."""
        return {"code": self.code, "message": self.message, "hint": self.hint}

    def __reduce__(self) -> tuple[type[PersonaeError], tuple[str, str]]:
        """Errors travel between worker processes whole."""
        return type(self), (self.message, self.hint)


class UsageError(PersonaeError):
    """The question cannot be answered as asked."""

    code = "P100"
    exit_status = 2
    advice = "Look at the command's --help."


class NoFaceFound(UsageError):
    """The picture shows no face that is large and sharp enough."""

    code = "P101"
    advice = "Use a picture in which the face is at least 24 pixels high, upright and in focus."


class SeveralFaces(UsageError):
    """The picture shows several faces and none was chosen."""

    code = "P102"
    advice = "Choose one with --face N; faces are numbered from the left, starting with 1."


class UnknownPerson(UsageError):
    """No person has this name or number."""

    code = "P103"
    advice = "`personae people list` shows everybody with their numbers and names."


class AmbiguousPerson(UsageError):
    """More than one person has this name."""

    code = "P104"
    advice = "Use the person's number from `personae people list`."


class NothingToUndo(UsageError):
    """There is no act left that could be undone."""

    code = "P105"
    advice = "`personae people history` shows what was done."


class UnknownOption(UsageError):
    """An option has a value that is not offered."""

    code = "P106"
    advice = "The command's --help lists the values it takes."


class NothingIndexed(UsageError):
    """The library holds nothing that could answer the question."""

    code = "P107"
    advice = "Index something first: `personae index PATH`."


class ExtraMissing(UsageError):
    """What was asked needs a package that comes with an extra."""

    code = "P108"
    advice = "Install the extra that the message names: pip install 'personae[EXTRA]'."


class AlertsUnclear(UsageError):
    """The file with the rules for alerts is not understood."""

    code = "P109"
    advice = "docs/how-to/alerts.md shows a whole file; the message names the rule."


class SourceError(PersonaeError):
    """A file or stream could not be read."""

    code = "P200"
    exit_status = 3
    advice = "Check that the file plays in a media player."


class SourceMissing(SourceError):
    """The path does not exist or may not be read."""

    code = "P201"
    advice = "Check the path and its permissions."


class SourceEmpty(SourceError):
    """The file has no content."""

    code = "P202"
    advice = "The file holds 0 bytes; copy it again from its origin."


class SourceUnreadable(SourceError):
    """The content is damaged or is not what its name says."""

    code = "P203"
    advice = "Check that the file opens in another program; copy it again from its origin."


class SourceTooLarge(SourceError):
    """The picture has more pixels than may safely be opened."""

    code = "P204"
    advice = "Make the picture smaller, or raise the setting `max_pixels`."


class SourceNoPicture(SourceError):
    """The file is sound but holds no picture (audio only, or no frames)."""

    code = "P205"
    advice = "Index a file that has a video stream."


class SourceTruncated(SourceError):
    """The file ends in the middle; what came before it was kept."""

    code = "P206"
    advice = "What could be read is in the library; copy the file again to get the rest."


class SourceStalled(SourceError):
    """Reading made no progress for too long and was stopped."""

    code = "P207"
    advice = "The file is damaged in a way that hangs its decoder; convert it first."


class SourceUnsupported(SourceError):
    """The kind of file is not one that can be read."""

    code = "P208"
    advice = "Convert it to MP4 or JPEG."


class SourceCrashed(SourceError):
    """The process that was reading the file died."""

    code = "P209"
    advice = "The file crashes its decoder or memory ran out; convert it first."


class MetadataUnreadable(SourceError):
    """What a photo or its sidecar says about itself (XMP) is damaged or not to be trusted."""

    code = "P210"
    advice = "Repair the metadata with the program that wrote it; the picture itself may be sound."


class MetadataUnwritable(SourceError):
    """Face regions cannot be written into this file; nothing was changed."""

    code = "P211"
    advice = "Write a sidecar instead: leave out --embed."


class WebError(SourceError):
    """An address on the web gave no file."""

    code = "P220"
    advice = "Run the command again with --verbose; what was fetched so far is kept."


class WebRefused(WebError):
    """The address, or one it leads to, is none that may be asked."""

    code = "P221"
    advice = "Only http and https are fetched, and no public page may lead into a private network."


class WebNotFound(WebError):
    """The page or file is not there, or not any more."""

    code = "P222"
    advice = "Open the address in a browser and copy it again."


class WebUnreachable(WebError):
    """The server did not answer, or broke off."""

    code = "P223"
    advice = "Run the same command again; what was fetched so far is kept and continued."


class WebNothingThere(WebError):
    """The page holds no film that can be found in it."""

    code = "P224"
    advice = "Give the address of the film itself; a newer yt-dlp may know the page."


class WebProtected(WebError):
    """The film is encrypted (DRM), or only shown to those who log in, pay or live elsewhere."""

    code = "P225"
    advice = "Personae does not circumvent protection; ask the owner for a file."


class WebTooLarge(WebError):
    """The film is larger or longer than the settings allow, or a live stream without an end."""

    code = "P226"
    advice = "Raise the settings `web.max_gigabytes` or `web.max_hours`."


class ModelError(PersonaeError):
    """A model or its weights cannot be used."""

    code = "P300"
    exit_status = 4
    advice = "`personae doctor` says which models work."


class WeightsMissing(ModelError):
    """The weight file is not there."""

    code = "P301"
    advice = "`personae models list` shows where each file is expected; reinstall the package."


class WeightsCorrupt(ModelError):
    """The weight file is not the one its card names."""

    code = "P302"
    advice = "Its SHA-256 differs from the card's; reinstall the package."


class SpaceMismatch(ModelError):
    """Vectors of two embedding spaces were about to be compared."""

    code = "P303"
    advice = "Index again with one model, or choose the model the library was made with."


class ProviderMissing(ModelError):
    """The execution provider asked for is not available here."""

    code = "P304"
    advice = "`personae doctor` lists the providers of this machine."


class StoreError(PersonaeError):
    """The library's own files cannot be used."""

    code = "P400"
    exit_status = 5
    advice = "Run `personae doctor`."


class LibraryMissing(StoreError):
    """There is no library at this place."""

    code = "P401"
    advice = "`personae index PATH --library DIR` makes one."


class LibraryTooNew(StoreError):
    """The library was written by a later version."""

    code = "P402"
    advice = "Update Personae."


class LibraryBusy(StoreError):
    """Another process holds the library for too long."""

    code = "P403"
    advice = "Wait for the other command to end and try again."


class LibraryCorrupt(StoreError):
    """The library's database is damaged."""

    code = "P404"
    advice = "Restore it from a backup; the media themselves are untouched."


class ShapeError(PersonaeError):
    """An array does not have the shape, type or length that its name promises."""

    code = "P500"
    exit_status = 6
    advice = "This is a defect in the program or a plug-in; please report it."


class DeliveryError(PersonaeError):
    """Somebody outside could not be told."""

    code = "P600"
    exit_status = 7
    advice = "What was not delivered stands in dead-letters.jsonl of the library."


class DeliveryRefused(DeliveryError):
    """The receiver does not want the message; trying again is no use."""

    code = "P601"
    advice = "Check the address, the secret and what the receiver expects."


class WatchBroken(PersonaeError):
    """A watch over cameras ended through a fault of ours."""

    code = "P900"
    exit_status = 10
    advice = "This is a defect; what was printed before tells where. `personae watch` begins anew."


def error_codes() -> dict[str, type[PersonaeError]]:
    """All errors by their code, the root first."""
    found: dict[str, type[PersonaeError]] = {}
    todo: list[type[PersonaeError]] = [PersonaeError]
    while todo:
        error = todo.pop(0)
        found[error.code] = error
        todo.extend(error.__subclasses__())
    return dict(sorted(found.items()))
