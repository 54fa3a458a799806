#!/usr/bin/env bash
# Runs the version before beside this one on one database, under load, and upgrades its nodes one after the other.
#
#   tests/upgrade.sh              from the last tag; without one, from the commit whose subject is in tests/upgrade-from
#   tests/upgrade.sh <commit>     from there
#
# The version before is built in a worktree of its own, in artifacts/upgrade.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."

# By its subject: an id is another one as soon as anybody puts the history in order.
before() { git log --format='%H %s' | awk -v subject="$(cat tests/upgrade-from)" '$0 == $1 " " subject && !found++ { print $1 }'; }
from=${1:-$(git describe --tags --abbrev=0 2>/dev/null || before)}
commit=$(git rev-parse --verify --quiet "$from^{commit}") || {
  echo "There is no commit ${from:-\"$(cat tests/upgrade-from)\"} here (a shallow clone has no history: git fetch --unshallow --tags)." >&2
  exit 2
}
source=$PWD/artifacts/upgrade/source server=$PWD/artifacts/upgrade/server
trap 'git worktree remove --force "$source" 2>/dev/null || true' EXIT

git worktree remove --force "$source" 2>/dev/null || true
git worktree prune
echo "building $from ($(git log -1 --format='%h %s' "$commit"))"
git worktree add --quiet --detach "$source" "$commit"
rm -rf "$server"
dotnet publish "$source/src/Hypersend.Server" -c Release -o "$server" -p:SkipWeb=true -v quiet -nologo

HYPERSEND_UPGRADE_FROM=$server/hypersend-server HYPERSEND_SOAK=on tests/run.sh FaultTests --filter-class '*UpgradeTests'
