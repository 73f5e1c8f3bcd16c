"""Files that somebody may send instead of a photo, made here byte by byte."""

import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from PIL import Image

SCRIPT = b"<script>alert(1)</script>"


@dataclass(frozen=True)
class Hostile:
    """A file, what it is called and said to be, and the words with which it is refused.

    words: empty where the pixels are good: then they are written anew, and nothing else of the file is kept.
    """

    name: str
    make: Callable[[], bytes]
    words: str = "cannot be read"
    kind: str = "image/jpeg"


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _png(width: int, height: int, *extra: bytes, rows: bytes | None = None) -> bytes:
    """A PNG whose header says these measures; rows: its packed pixels, next to nothing unless given."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(b"\0" * 99) if rows is None else rows
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        [_chunk(b"IHDR", header), *extra, _chunk(b"IDAT", body), _chunk(b"IEND", b"")]
    )


def picture(
    form: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: object
) -> bytes:
    """An honest picture in one colour."""
    out = BytesIO()
    Image.new(mode, size, 120 if mode in ("L", "P") else None).save(out, form, **options)
    return out.getvalue()


def _pixel_bomb() -> bytes:
    # 144 million pixels of one colour pack into half a megabyte.
    row = b"\0" + b"\0" * (12_000 * 3)
    packer = zlib.compressobj(9)
    return _png(12_000, 12_000, rows=b"".join(packer.compress(row) for _ in range(12_000)) + packer.flush())


def _text_bomb() -> bytes:
    text = b"Comment\0\0" + zlib.compress(b"x" * 200_000_000, 9)
    return _png(400, 300, _chunk(b"zTXt", text), rows=zlib.compress(b"\0" * (300 * (1 + 1200))))


def _profile_bomb() -> bytes:
    profile = b"acsp" + zlib.compress(b"\0" * 50_000_000, 9)
    out = BytesIO()
    Image.new("CMYK", (400, 300)).save(out, "JPEG", icc_profile=profile[:60_000])
    return out.getvalue()


def _png_profile_bomb() -> bytes:
    body = b"icc\0\0" + zlib.compress(b"\0" * 100_000_000, 9)
    return _png(400, 300, _chunk(b"iCCP", body), rows=zlib.compress(b"\0" * (300 * (1 + 1200))))


def _zip() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../../etc/cron.d/x", b"\0" * 1_000_000)
    return out.getvalue()


def _moving(form: str) -> bytes:
    out = BytesIO()
    frames = [Image.new("RGB", (200, 200), colour) for colour in ("red", "navy")]
    frames[0].save(out, form, save_all=True, append_images=frames[1:], duration=80)
    return out.getvalue()


def _svg() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">' + SCRIPT + b"</svg>"


def _cut_jpeg() -> bytes:
    out = BytesIO()
    Image.effect_noise((600, 400), 90).convert("RGB").save(out, "JPEG")
    return out.getvalue()[:9000]


HOSTILE = {
    "zero bytes": Hostile("empty.jpg", lambda: b"", "empty"),
    "pixel bomb": Hostile("bomb.png", _pixel_bomb, "million pixels", "image/png"),
    "header that claims 1,600 megapixels": Hostile("big.png", lambda: _png(40_000, 40_000), "million pixels"),
    "header that claims two billion pixels a side": Hostile(
        "huge.png", lambda: _png(2**31 - 1, 2**31 - 1), "million"
    ),
    "PNG without its pixels": Hostile("thin.png", lambda: _png(2000, 2000)),
    "PNG with a text that unpacks to 200 MB": Hostile("text.png", _text_bomb),
    "PNG with a profile that unpacks to 100 MB": Hostile("icc.png", _png_profile_bomb),
    "PNG with chunks that lie about their length": Hostile(
        "lie.png", lambda: _png(400, 300)[:8] + b"\x7f\xff\xff\xff" + b"IHDR" + b"\0" * 40
    ),
    "30 MB": Hostile("large.jpg", lambda: picture() + b"\0" * (30 * 1024 * 1024), "larger than 15 MB"),
    "EPS": Hostile("drawing.jpg", lambda: picture("EPS")),
    "PostScript by hand": Hostile("x.eps", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%id) (w) file\n"),
    "TIFF": Hostile("scan.jpg", lambda: picture("TIFF")),
    "BMP": Hostile("scan.bmp", lambda: picture("BMP")),
    "GIF": Hostile("moving.jpg", lambda: picture("GIF", mode="L")),
    "PDF renamed": Hostile("paper.jpg", lambda: picture("PDF")),
    "ICO": Hostile("icon.jpg", lambda: picture("ICO")),
    "SVG with a script": Hostile("drawing.svg", _svg, kind="image/svg+xml"),
    "HTML": Hostile("page.jpg", lambda: b"<html>" + SCRIPT + b"</html>", kind="text/html"),
    "text with NUL": Hostile("words\0.jpg", lambda: b"plain\0words", kind="text/plain"),
    "archive with a way out": Hostile("photos.jpg", _zip, kind="application/zip"),
    "program": Hostile("photo.jpg", lambda: b"\x7fELF" + b"\0" * 200),
    "PHP behind a GIF sign": Hostile("shell.php", lambda: b"GIF89a<?php system($_GET[0]); ?>"),
    "cut JPEG": Hostile("cut.jpg", _cut_jpeg),
    "cut WebP": Hostile("cut.webp", lambda: picture("WEBP")[:60], kind="image/webp"),
    "moving PNG": Hostile("moving.png", lambda: _moving("PNG"), "moves", "image/png"),
    "moving WebP": Hostile("moving.webp", lambda: _moving("WEBP"), "moves", "image/webp"),
    "sliver": Hostile("sliver.jpg", lambda: picture(size=(600, 20)), "too small"),
    # The pixels are good: they are written anew, and nothing else of the file is kept.
    "picture that is a page too": Hostile(
        "x.html", lambda: picture(comment=SCRIPT) + SCRIPT, "", "text/html"
    ),
    "wrong ending": Hostile("photo.php", lambda: picture("PNG"), "", "application/x-php"),
    "name that climbs": Hostile("../../../etc/passwd.jpg", picture, ""),
    "CMYK with a profile that is none": Hostile("print.jpg", _profile_bomb, ""),
}
