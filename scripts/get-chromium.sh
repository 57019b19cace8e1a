#!/bin/sh
# The tests that open a page need Chromium: installed by the system's package manager when that is possible without asking.
# Never fails: without a browser those tests are skipped, saying so.
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Chromium for the tests that open a page"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null 2>&1 && exit 0
fi
echo "no Chromium found and none installed: tests that open a page will be skipped" >&2
exit 0
