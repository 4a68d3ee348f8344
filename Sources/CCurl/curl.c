// SPDX-License-Identifier: Apache-2.0

#define _FILE_OFFSET_BITS 64
#include "curl_at_run_time.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

// From curl/curl.h: 10000 is a pointer, 20000 a function, 30000 a number of 64 bits, the rest a long.
enum option {
  OPTION_WRITEDATA = 10001,
  OPTION_URL = 10002,
  OPTION_READDATA = 10009,
  OPTION_ERRORBUFFER = 10010,
  OPTION_POSTFIELDS = 10015,
  OPTION_HTTPHEADER = 10023,
  OPTION_CUSTOMREQUEST = 10036,
  OPTION_XFERINFODATA = 10057,
  OPTION_WRITEFUNCTION = 20011,
  OPTION_XFERINFOFUNCTION = 20219,
  OPTION_INFILESIZE_LARGE = 30115,
  OPTION_POSTFIELDSIZE_LARGE = 30120,
  OPTION_LOW_SPEED_LIMIT = 19,
  OPTION_LOW_SPEED_TIME = 20,
  OPTION_NOPROGRESS = 43,
  OPTION_UPLOAD = 46,
  OPTION_NOSIGNAL = 99,
  OPTION_CONNECTTIMEOUT_MS = 156,
  OPTION_PROTOCOLS = 181,
};
enum { INFO_RESPONSE_CODE = 0x200002, GLOBAL_ALL = 3, HTTP_AND_HTTPS = 3 };

// An answer that is longer than this is cut off, and then it is no JSON.
static const size_t longest_answer = (size_t)64 << 20;

static struct {
  int (*global_init)(long);
  void *(*init)(void);
  int (*setopt)(void *, int, ...);
  int (*perform)(void *);
  int (*getinfo)(void *, int, ...);
  const char *(*strerror)(int);
  void (*cleanup)(void *);
  void *(*append)(void *, const char *);
  void (*free_all)(void *);
  int is_there;
} curl;

static void open_library(void) {
  static const char *const names[] = {
      "libcurl.so.4", "libcurl-gnutls.so.4", "/usr/lib/libcurl.4.dylib", "libcurl.dylib",
  };
  void *library = NULL;
  for (size_t i = 0; i < sizeof names / sizeof *names && library == NULL; i++) library = dlopen(names[i], RTLD_NOW);
  if (library == NULL) return;
  // The form of assignment that POSIX gives for functions.
  *(void **)&curl.global_init = dlsym(library, "curl_global_init");
  *(void **)&curl.init = dlsym(library, "curl_easy_init");
  *(void **)&curl.setopt = dlsym(library, "curl_easy_setopt");
  *(void **)&curl.perform = dlsym(library, "curl_easy_perform");
  *(void **)&curl.getinfo = dlsym(library, "curl_easy_getinfo");
  *(void **)&curl.strerror = dlsym(library, "curl_easy_strerror");
  *(void **)&curl.cleanup = dlsym(library, "curl_easy_cleanup");
  *(void **)&curl.append = dlsym(library, "curl_slist_append");
  *(void **)&curl.free_all = dlsym(library, "curl_slist_free_all");
  curl.is_there = curl.global_init && curl.init && curl.setopt && curl.perform && curl.getinfo && curl.strerror
                  && curl.cleanup && curl.append && curl.free_all && curl.global_init(GLOBAL_ALL) == 0;
}

// Called by libcurl with a piece of the answer; another number than that of its bytes ends the transfer.
static size_t keep(char *bytes, size_t size, size_t count, void *target) {
  struct swiftlet_curl_answer *answer = target;
  size_t length = size * count;
  if (length > longest_answer - answer->length) return 0;
  char *longer = realloc(answer->body, answer->length + length + 1);
  if (longer == NULL) return 0;
  memcpy(longer + answer->length, bytes, length);
  answer->body = longer;
  answer->length += length;
  return length;
}

void swiftlet_curl_hurry(int *hurry, int milliseconds) { __atomic_store_n(hurry, milliseconds, __ATOMIC_RELAXED); }

// A request that may have to end sooner than it was begun for.
struct watch {
  const int *hurry;
  long long moved;
  long long since;
  int gave_up;
};

static long long milliseconds_now(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Called by libcurl about once in a second; another number than 0 ends the transfer.
static int watch_bytes(void *data, long long down_total, long long down, long long up_total, long long up) {
  (void)down_total, (void)up_total;
  struct watch *watch = data;
  int hurry = __atomic_load_n(watch->hurry, __ATOMIC_RELAXED);
  if (hurry <= 0 || down + up != watch->moved) {
    watch->moved = down + up;
    watch->since = milliseconds_now();
    return 0;
  }
  watch->gave_up = milliseconds_now() - watch->since > hurry;
  return watch->gave_up;
}

static void *header_list(const char *const *headers) {
  void *list = NULL;
  for (; *headers != NULL; headers++) {
    void *longer = curl.append(list, *headers);
    if (longer != NULL) list = longer;
  }
  return list;
}

static int failed(struct swiftlet_curl_answer *answer, const char *reason) {
  snprintf(answer->reason, sizeof answer->reason, "%s", reason);
  return 2;
}

int swiftlet_curl_ask(const struct swiftlet_curl_request *request, struct swiftlet_curl_answer *answer) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  memset(answer, 0, sizeof *answer);
  if (!curl.is_there) return 1;
  void *handle = curl.init();
  if (handle == NULL) return failed(answer, "there is no memory for a request");
  FILE *file = NULL;
  struct stat status;
  if (request->file != NULL) {
    file = fopen(request->file, "rb");
    if (file == NULL || fstat(fileno(file), &status) != 0) {
      if (file != NULL) fclose(file);
      curl.cleanup(handle);
      return failed(answer, "the file cannot be read");
    }
  }
  char message[256] = "";  // libcurl asks for CURL_ERROR_SIZE, which is 256
  void *headers = header_list(request->headers);
  curl.setopt(handle, OPTION_URL, request->url);
  curl.setopt(handle, OPTION_PROTOCOLS, (long)HTTP_AND_HTTPS);
  curl.setopt(handle, OPTION_CUSTOMREQUEST, request->method);
  curl.setopt(handle, OPTION_HTTPHEADER, headers);
  curl.setopt(handle, OPTION_ERRORBUFFER, message);
  curl.setopt(handle, OPTION_NOSIGNAL, 1L);
  curl.setopt(handle, OPTION_CONNECTTIMEOUT_MS, request->patience);
  curl.setopt(handle, OPTION_LOW_SPEED_LIMIT, 1L);
  curl.setopt(handle, OPTION_LOW_SPEED_TIME, (request->patience + 999) / 1000);
  curl.setopt(handle, OPTION_WRITEFUNCTION, keep);
  curl.setopt(handle, OPTION_WRITEDATA, answer);
  struct watch watch = {request->hurry, 0, milliseconds_now(), 0};
  if (request->hurry != NULL) {
    curl.setopt(handle, OPTION_NOPROGRESS, 0L);
    curl.setopt(handle, OPTION_XFERINFODATA, &watch);
    curl.setopt(handle, OPTION_XFERINFOFUNCTION, watch_bytes);
  }
  if (file != NULL) {
    curl.setopt(handle, OPTION_UPLOAD, 1L);
    curl.setopt(handle, OPTION_READDATA, file);
    curl.setopt(handle, OPTION_INFILESIZE_LARGE, (long long)status.st_size);
  } else if (request->length > 0) {
    curl.setopt(handle, OPTION_POSTFIELDSIZE_LARGE, (long long)request->length);
    curl.setopt(handle, OPTION_POSTFIELDS, request->body);
  }
  int code = curl.perform(handle);
  if (code == 0) curl.getinfo(handle, INFO_RESPONSE_CODE, &answer->status);
  const char *reason = message[0] != 0 ? message : curl.strerror(code);
  int result = code == 0 ? 0 : failed(answer, watch.gave_up ? "it does not answer" : reason);
  curl.cleanup(handle);
  curl.free_all(headers);
  if (file != NULL) fclose(file);
  return result;
}
