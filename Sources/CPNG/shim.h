// SPDX-License-Identifier: Apache-2.0
//
// libpng by its simplified interface, which returns its errors and never jumps over a caller. Its formats are
// macros, some of which Swift cannot see, so each has a function here.
#include <png.h>
#include <string.h>

// An image to read into or to write from, empty.
static inline png_image swiftlet_png_image(void) {
  png_image image;
  memset(&image, 0, sizeof image);
  image.version = PNG_IMAGE_VERSION;
  return image;
}

static inline int swiftlet_png_is_color(const png_image *image) {
  return (image->format & PNG_FORMAT_FLAG_COLOR) != 0;
}

// Bytes for red, green, blue and alpha, whatever the file has. Numbers of 16 bits are on the same scale as those of 8.
static inline void swiftlet_png_read_as_rgba(png_image *image) {
  image->flags |= PNG_IMAGE_FLAG_16BIT_sRGB;
  image->format = PNG_FORMAT_RGBA;
}

static inline void swiftlet_png_write_as(png_image *image, int isColor) {
  image->format = isColor ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
}

static inline int swiftlet_png_failed(const png_image *image) { return PNG_IMAGE_FAILED(*image); }
