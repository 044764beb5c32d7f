#!/bin/sh
# Installs the browser that the page's tests drive, where it may: as root, with apt-get.
# Silent when there is one. Elsewhere it says what to do; the page's tests are then skipped, or fail where CI is set.
set -eu
[ -z "${CHROMIUM:-}" ] || exit 0
for name in chromium chromium-browser google-chrome; do
    ! command -v "$name" >/dev/null || exit 0
done

packages="chromium fonts-noto-core"
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "no Chromium: apt-get install $packages, or name a browser in the variable CHROMIUM" >&2
    exit 0
fi
echo "installing $packages for the page's tests" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086  # two packages, two words
{ apt-get -qq update && apt-get -qq install --no-install-recommends $packages; } >/dev/null 2>&1 ||
    echo "no Chromium: apt-get install $packages failed; the page's tests will say so too" >&2
