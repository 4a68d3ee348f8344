# SPDX-License-Identifier: Apache-2.0
"""Writes PictureGolden.swift: small PNGs and JPEGs with the pixels that Pillow reads, and a picture that OpenCV resizes.

pip install pillow==13.0.0 opencv-python-headless==5.0.0.93 numpy==2.4.6
python3 Tests/SwiftletFormatsTests/Golden/make_golden.py      (in the project's folder)
"""
import base64
import io
import pathlib

import cv2
import numpy
from PIL import Image

numbers = numpy.random.default_rng(3)
color = numbers.integers(0, 256, (5, 7, 3), dtype=numpy.uint8)
smooth = cv2.resize(color, (19, 13), interpolation=cv2.INTER_CUBIC)
alpha = numbers.integers(0, 256, (5, 7, 4), dtype=numpy.uint8)
deep = numbers.integers(0, 65536, (5, 7), dtype=numpy.uint16)


def file(picture: Image.Image, kind: str, **settings) -> bytes:
    stream = io.BytesIO()
    picture.save(stream, kind, **settings)
    return stream.getvalue()


def on_white(file_bytes: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(file_bytes)).convert("RGBA")
    white = Image.new("RGBA", picture.size, (255, 255, 255, 255))
    return Image.alpha_composite(white, picture).convert("RGB")


lines = []


def case(name: str, file_bytes: bytes, pixels: numpy.ndarray) -> None:
    height, width = pixels.shape[:2]
    channels = 3 if pixels.ndim == 3 else 1
    text = base64.b64encode(file_bytes).decode()
    expected = base64.b64encode(numpy.ascontiguousarray(pixels).tobytes()).decode()
    lines.append(f'    Case(\n      name: "{name}", width: {width}, height: {height}, channels: {channels},')
    lines.append(f'      file: "{text}",\n      pixels: "{expected}"),')


def same(name: str, file_bytes: bytes) -> None:
    case(name, file_bytes, numpy.asarray(Image.open(io.BytesIO(file_bytes))))


rgb = Image.fromarray(color)
same("PNG in color", file(rgb, "PNG"))
same("PNG in gray", file(rgb.convert("L"), "PNG"))
case("PNG of one bit", bits := file(rgb.convert("1"), "PNG"), numpy.asarray(Image.open(io.BytesIO(bits)).convert("L")))
case("PNG of 16 bits", file(Image.fromarray(deep), "PNG"), numpy.rint(deep / 257.0).astype(numpy.uint8))
palette = file(rgb.quantize(8), "PNG")
case("PNG with a palette", palette, numpy.asarray(Image.open(io.BytesIO(palette)).convert("RGB")))
clear = file(Image.fromarray(alpha), "PNG")
case("PNG with alpha", clear, numpy.asarray(on_white(clear)))
veil = file(Image.fromarray(alpha).convert("LA"), "PNG")
case("PNG in gray with alpha", veil, numpy.asarray(on_white(veil))[:, :, 0])
key = file(rgb, "PNG", transparency=tuple(int(v) for v in color[2, 3]))
case("PNG with a transparent color", key, numpy.asarray(on_white(key)))
photo = Image.fromarray(smooth)
same("JPEG in color", file(photo, "JPEG", quality=90))
same("JPEG in gray", file(photo.convert("L"), "JPEG"))
same("JPEG in passes", file(photo, "JPEG", progressive=True, subsampling=0))
same("JPEG with restarts", file(photo, "JPEG", restart_marker_blocks=1, subsampling=0))

ink = base64.b64encode(file(photo.convert("CMYK"), "JPEG")).decode()
small = cv2.resize(smooth, (8, 5), interpolation=cv2.INTER_AREA)
text = "\n".join(lines)
pathlib.Path("Tests/SwiftletFormatsTests/PictureGolden.swift").write_text(f"""\
// SPDX-License-Identifier: Apache-2.0
//
// Written by Golden/make_golden.py with Pillow {Image.__version__} and OpenCV {cv2.__version__}; do not edit.

/// Files, and the pixels that Pillow reads in them.
enum PictureGolden {{
  struct Case: Sendable {{
    let name: String
    let width: Int
    let height: Int
    let channels: Int
    /// In base64.
    let file: String
    let pixels: String
  }}

  static let cases: [Case] = [
{text}
  ]

  /// A JPEG for print.
  static let inks =
    "{ink}"

  /// 19 by 13 pixels in color.
  static let large =
    "{base64.b64encode(smooth.tobytes()).decode()}"
  /// The same as 8 by 5, each pixel the mean of its area.
  static let small =
    "{base64.b64encode(small.tobytes()).decode()}"
}}
""")
