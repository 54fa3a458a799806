#!/usr/bin/env bash
# Installs what the tests need beyond .NET and Node, and only what is missing. Debian and its relatives; root or sudo.
# What cannot be installed is named once, and the tests that need it are skipped: this script never fails a run.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 0

have_package() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed'; }
have_postgres() { compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; }
have_aiosmtpd() { /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null; }

# The S3 server comes from npm and belongs to nobody but the tests.
if [ ! -d tests/peers/s3rver/node_modules ] && command -v npm >/dev/null; then
  echo "setup: installing s3rver"
  npm ci --prefix tests/peers/s3rver --no-audit --no-fund --loglevel=error >/dev/null 2>&1 ||
    echo "setup: s3rver could not be installed, its tests are skipped"
fi

# So do the stock clients of tus.
if [ ! -f tests/peers/tus/node_modules/.built/uppy.js ] && command -v npm >/dev/null; then
  echo "setup: installing tus-js-client and Uppy"
  { npm ci --prefix tests/peers/tus --no-audit --no-fund --loglevel=error && npm run build --prefix tests/peers/tus; } >/dev/null 2>&1 ||
    echo "setup: tus-js-client and Uppy could not be installed, their tests are skipped"
fi

missing=()
have_postgres || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
have_aiosmtpd || missing+=(python3-aiosmtpd)
command -v chromium >/dev/null || missing+=(chromium)
command -v turnserver >/dev/null || missing+=(coturn)
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx)
command -v brotli >/dev/null || missing+=(brotli)
command -v unzip >/dev/null || missing+=(unzip)
command -v 7z >/dev/null || missing+=(p7zip-full)
have_package fonts-noto-core || missing+=(fonts-noto-core)
have_package fonts-noto-color-emoji || missing+=(fonts-noto-color-emoji)
have_package libsqlite3-0 || missing+=(libsqlite3-0)

[ ${#missing[@]} -eq 0 ] && exit 0

give_up() {
  echo "setup: $1; without ${missing[*]} some tests are skipped"
  exit 0
}

command -v apt-get >/dev/null || give_up "no apt-get here"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || give_up "not root and no sudo"
  sudo -n true 2>/dev/null || give_up "sudo asks for a password (run tests/setup.sh as root once)"
  as_root=(sudo -n)
fi

# The tests start their own servers in scratch folders, so the packages must not start theirs.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
  trap '"${as_root[@]}" rm -f "$policy"' EXIT
  trap 'exit 130' INT TERM
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
  "${as_root[@]}" chmod 755 "$policy"
fi

log=$(mktemp)
apt() { "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >>"$log" 2>&1 </dev/null; }

echo "setup: installing ${missing[*]}"
apt update || echo "setup: apt-get update failed, trying with the lists that are here"
# One by one: one package that cannot be had must not take the others with it.
apt install --no-install-recommends "${missing[@]}" || for package in "${missing[@]}"; do
  apt install --no-install-recommends "$package" || {
    echo "setup: $package could not be installed, its tests are skipped:"
    tail -n 3 "$log" | sed 's/^/  /'
  }
done
rm -f "$log"
exit 0
