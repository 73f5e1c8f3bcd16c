#!/bin/sh
# Installs Debian's Chromium for the browser tests where this user may; says why not otherwise, and never fails.
set -u

for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome chrome; do
    if [ -n "$name" ] && command -v "$name" >/dev/null 2>&1; then
        exit 0
    fi
done

if ! command -v apt-get >/dev/null 2>&1; then
    echo "No Chromium and no apt-get: browser tests will be left out." >&2
    exit 0
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=""
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    echo "No Chromium and no right to install it: browser tests will be left out (apt-get install chromium)." >&2
    exit 0
fi

echo "Installing Chromium for the browser tests ..."
log=$(mktemp)
export DEBIAN_FRONTEND=noninteractive
if ! { $as_root apt-get update && $as_root apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1 </dev/null; then
    echo "Chromium could not be installed: browser tests will be left out. The last lines were:" >&2
    tail -n 5 "$log" >&2
fi
rm -f "$log"
