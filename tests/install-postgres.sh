#!/bin/sh
# Installs the PostgreSQL server that the store's tests start, where it may: as root, with apt-get.
# Silent when there is one. Elsewhere it says what to do; the store's tests are then skipped, or fail where CI is set.
set -eu
[ -z "${POSTGRES_BIN:-}" ] || exit 0
! command -v initdb >/dev/null || exit 0
for folder in /usr/lib/postgresql/*/bin; do
    [ ! -x "$folder/initdb" ] || exit 0
done

if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "no PostgreSQL: apt-get install postgresql, or name its folder in the variable POSTGRES_BIN" >&2
    exit 0
fi
echo "installing postgresql for the store's tests" >&2
export DEBIAN_FRONTEND=noninteractive
{ apt-get -qq update && apt-get -qq install --no-install-recommends postgresql; } >/dev/null 2>&1 ||
    echo "no PostgreSQL: apt-get install postgresql failed; the store's tests will say so too" >&2
