#!/usr/bin/env bash
# Whether everything in this folder agrees. No network.
#
#   tests/check.sh [SWIFTLET]     the program `swiftlet`; with the word skip, what can be checked without it
set -euo pipefail
cd "$(dirname "$0")/.."
swiftlet="${1:-swiftlet}"
model="models/__NAME__"
work="$(mktemp -d)"
server=""
container=""
end() {
  [ -z "$server" ] || kill "$server" 2>/dev/null || true
  [ -z "$container" ] || docker stop --time 1 "$container" >/dev/null 2>&1 || true
  rm -rf "$work"
}
trap end EXIT

fail() {
  echo "check: $1" >&2
  exit 1
}

# without PROGRAM WHAT: whether it is missing, which is said and is not a failure.
without() {
  command -v "$1" >/dev/null && return 1
  echo "not checked, for want of $1: $2"
}

# agrees ANSWER KNOWN: the same text, or the same numbers as far as a client writes them.
agrees() {
  A="${1//\"/}" B="${2//\"/}" awk 'BEGIN {
    a = ENVIRON["A"]; b = ENVIRON["B"]
    if (a == b) exit 0
    gsub(/[][, ]+/, " ", a); gsub(/[][, ]+/, " ", b)
    n = split(a, x, " ")
    if (n == 0 || n != split(b, y, " ")) exit 1
    for (i = 1; i <= n; i++) {
      if ((x[i] y[i]) !~ /^[-+.0-9eE]+$/ || x[i] !~ /[0-9]/ || y[i] !~ /[0-9]/) exit 1
      difference = x[i] - y[i]; size = y[i] < 0 ? -y[i] : y[i]
      if (difference < 0) difference = -difference
      if (difference > 0.0001 * (1 + size)) exit 1
    }
  }'
}

# ask ADDRESS NAME COMMAND...: the program's answer must be the model's.
ask() {
  local address="$1" name="$2" answer
  shift 2
  answer="$("$@" clients/question.json 1 "$address")" || fail "$name does not get an answer"
  agrees "$answer" "$(cat tests/answer.txt)" || fail "$name is answered \"$answer\", and the model says \"$(cat tests/answer.txt)\""
  echo "$name is answered as the model answers"
}

without node "the figures and the page" || node tests/check.js
if [ "$swiftlet" = skip ]; then
  echo "checked, without a training"
  exit 0
fi
command -v "$swiftlet" >/dev/null || fail "there is no program $swiftlet. SWIFTLET=PATH names it, SWIFTLET=skip goes without."

"$swiftlet" report "$model" --readme README.md --check

"$swiftlet" serve "$model" --port 0 --drain-seconds 0 >"$work/greeting" 2>"$work/log" &
server=$!
for _ in $(seq 100); do
  grep -q http "$work/greeting" && break
  kill -0 "$server" 2>/dev/null || fail "the server does not start: $(cat "$work/log")"
  sleep 0.1
done
address="$(sed -n 's,.*\(http://127\.0\.0\.1:[0-9]*\)/ .*,\1/invocations,p' "$work/greeting" | head -n 1)"
without python3 clients/ask.py || ask "$address" Python python3 clients/ask.py
without java clients/Ask.java || ask "$address" Java java clients/Ask.java
if command -v Rscript >/dev/null && Rscript -e 'quit(status = !requireNamespace("httr2", quietly = TRUE))'; then
  ask "$address" R Rscript clients/ask.R
else
  echo "not checked, for want of R with httr2: clients/ask.R"
fi
kill "$server"
server=""

image="__IMAGE__"
if command -v docker >/dev/null && docker image inspect "$image" >/dev/null 2>&1; then
  container="$(docker run --rm --detach --publish 127.0.0.1::8080 "$image")"
  port="$(docker port "$container" 8080 | head -n 1)"
  for _ in $(seq 100); do
    (exec 3<>"/dev/tcp/127.0.0.1/${port##*:}") 2>/dev/null && break
    sleep 0.1
  done
  without python3 "the container" || ask "http://127.0.0.1:${port##*:}/invocations" "The container" python3 clients/ask.py
fi

while read -r _ file; do
  if [ ! -e "data/$file" ] && [ ! -e "$file" ]; then
    echo "not trained again, because data/$file is not here: data/README.md says what it is"
    echo "checked, without a training"
    exit 0
  fi
done <data/SHA256SUMS
sums="sha256sum"
command -v sha256sum >/dev/null || sums="shasum -a 256"
(cd data && $sums --check SHA256SUMS >"$work/sums") || fail "the data are not those of the model: $(grep -v ': OK$' "$work/sums")"
echo "Training again"
"$swiftlet" train recipe.yaml --output "$work/__NAME__" --quiet --no-track --json >"$work/again.json"
without node "a new training against the figures" || node tests/check.js "$work/again.json"
echo "checked"
