// SPDX-License-Identifier: Apache-2.0
//
// Requests over HTTP by libcurl, which is opened when the first one is made.
//
// Foundation's own client on Linux brings libcurl and twenty libraries behind it into every start of the program, which
// costs 5 to 8 ms, and into its container. Here only those who send something need it.
//
// Source    libcurl, "curl_easy_setopt" and "curl_easy_getinfo": its numbers of options are a part of its binary interface

#ifndef SWIFTLET_CURL_AT_RUN_TIME_H
#define SWIFTLET_CURL_AT_RUN_TIME_H

#include <stddef.h>

/// What is asked.
struct swiftlet_curl_request {
  /// GET, POST, PUT or PATCH.
  const char *method;
  const char *url;
  /// Lines such as "Accept: text/plain", the last of them NULL.
  const char *const *headers;
  /// The body; not looked at if there is a file.
  const void *body;
  size_t length;
  /// A file that is sent as the body, or NULL.
  const char *file;
  /// How long to wait for a connection, and for the next byte, in milliseconds.
  long patience;
  /// How long to wait without a byte from the moment at which it is more than 0, in milliseconds; or NULL. Another thread
  /// sets it, by swiftlet_curl_hurry.
  const int *hurry;
};

/// What was answered.
struct swiftlet_curl_answer {
  long status;
  /// To be freed by the caller; NULL if it is empty.
  char *body;
  size_t length;
  /// Why there is no answer.
  char reason[256];
};

/// Asks, and waits for the answer.
///
/// Returns 0 if there was one, of whatever status; 1 if libcurl is not on this machine; 2 with a reason if there was none.
int swiftlet_curl_ask(const struct swiftlet_curl_request *request, struct swiftlet_curl_answer *answer);

/// Sets what a request looks at while it waits.
void swiftlet_curl_hurry(int *hurry, int milliseconds);

#endif
