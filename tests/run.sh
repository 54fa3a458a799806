#!/usr/bin/env bash
# Runs the tests: all of them, or one suite with arguments of its own.
#
#   tests/run.sh                                          everything
#   tests/run.sh ServerTests --filter-class '*Login*'     one suite; the arguments go to its runner
#   tests/run.sh web
#
# It installs what is missing (tests/setup.sh), builds once, starts PostgreSQL, Redis, an SMTP and an S3 server in a scratch
# folder on free ports, and stops them again however it ends. Full logs: artifacts/test-results. The last line is
# always "N passed, N failed", with ", N skipped" when there are any.
#
# HYPERSEND_SOAK=on runs the tests that take gigabytes and minutes instead of the others, one after the other, and prints their
# figures; SOAK_BYTES says how large their files are (4 GiB, and through several nodes 8 and 40).
# HYPERSEND_TEST_NODES=3 runs the suite of the server alone, each server in it being three nodes behind nginx.
# TEST_COVERAGE=on counts the lines of the server that ran (artifacts/coverage).
# TEST_SETUP=off installs nothing, TEST_BUILD=off uses the last build, TEST_TIMEOUT (seconds) limits one suite.
# An engine whose HYPERSEND_TEST_... variable is already set is used as it is and not started.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
root=$PWD
results=$root/artifacts/test-results
soak=${HYPERSEND_SOAK:-off}
nodes=${HYPERSEND_TEST_NODES:-1}
# shellcheck source=deploy/engines.sh
. deploy/engines.sh
if [ "$soak" = on ] || [ "$nodes" -gt 1 ]; then limit=${TEST_TIMEOUT:-7200}; else limit=${TEST_TIMEOUT:-1500}; fi
only=${1:-}
only=${only#Hypersend.}
[ $# -gt 0 ] && shift
arguments=("$@")

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Code of a test run is young: counting its branches to compile it better later is a fifth of the processor time, and never pays here.
export DOTNET_TieredPGO=0
# Every process of this run carries this mark, so that the end finds those that left their process group.
export HYPERSEND_TEST_RUN=$$-$RANDOM$RANDOM

passed=0 failed=0 skipped=0
engines=() failures=() skips=()
scratch='' memory='' child='' services=()

# ---------------------------------------------------------------- processes

finish() { # finish: waits for $child
  wait "$child" 2>/dev/null # bash would report the signal of a crash a second time
  local code=$?
  kill -KILL -- "-$child" 2>/dev/null
  child=''
  return $code
}

cleanup() {
  trap '' INT TERM HUP
  [ -n "$child" ] && stop TERM "$child"
  # INT is PostgreSQL's fast shutdown; Redis and python stop on it too
  [ ${#services[@]} -gt 0 ] && stop INT "${services[@]}"
  local strays pid
  mapfile -t strays < <(grep -lsz "^HYPERSEND_TEST_RUN=$HYPERSEND_TEST_RUN\$" /proc/[0-9]*/environ 2>/dev/null)
  for pid in "${strays[@]}"; do
    pid=${pid#/proc/}
    kill -KILL "${pid%/environ}" 2>/dev/null
  done
  [ -n "$scratch" ] && rm -rf "$scratch"
  [ -n "$memory" ] && rm -rf "$memory"
}
trap cleanup EXIT
trap 'echo; echo "interrupted"; exit 130' INT
trap 'echo; echo "interrupted"; exit 143' TERM HUP

# ---------------------------------------------------------------- counting

seconds() { # seconds SINCE: since a value of $EPOCHREALTIME
  awk -v from="${1/,/.}" -v to="${EPOCHREALTIME/,/.}" 'BEGIN { printf "%.1f s", to - from }'
}

count() { # count NAME EXIT-CODE REPORT LOG SINCE
  local name=$1 code=$2 report=$3 log=$4 since=$5 p=0 f=0 s=0 kind test message
  if [ -s "$report" ] && node tests/report.mjs "$report" >"$report.lines" 2>>"$log"; then
    while IFS=$'\t' read -r kind test message; do
      case $kind in
        F) failures+=("$name: $test"$'\n'"    $message") ;;
        S) skips+=("$name: $test: ${message:-no reason given}") ;;
        *) read -r p f s <<<"$kind" ;;
      esac
    done <"$report.lines"
    if [ $((p + f + s)) -eq 0 ]; then
      f=1
      failures+=("$name: no tests were found")
    elif [ "$code" -ne 0 ] && [ "$f" -eq 0 ]; then
      f=1
      failures+=("$name: every test passed, yet it ended with code $code (${log#"$root"/})")
    fi
  else
    f=1
    case $code in
      124 | 137) failures+=("$name: did not end within $limit s (${log#"$root"/})") ;;
      *) failures+=("$name: ended with code $code and no report (${log#"$root"/})"$'\n'"$(grep -v '^ *at ' "$log" | tail -n 8 | cut -c 1-200 | sed 's/^/    /')") ;;
    esac
  fi
  [ "$f" -gt 0 ] && while IFS= read -r message; do failures+=("$name: $message"); done < <(grep -h '^ *server broke: ' "$log" | cut -c 1-600 | sort -u | head -n 5)
  rm -f "$report.lines"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  local verdict=ok
  [ "$f" -gt 0 ] && verdict=FAILED
  printf '%-36s %-7s %4d passed, %d failed, %d skipped   %s\n' "$name" "$verdict" "$p" "$f" "$s" "$(seconds "$since")"
}

promises() { # what the tests found beside what is promised, where all of them ran
  [ -z "$only" ] && [ "$soak" != on ] && [ "$nodes" -le 1 ] && [ ${#arguments[@]} -eq 0 ] && [ "$passed" -gt 0 ] || return
  printf '\npromises (docs/proof.md, docs/security.md)\n'
  node tests/proof.mjs "$results" && return
  printf '  FAILED: not every promise is held\n'
  [ "$failed" -gt 0 ] || failed=1
}

total() {
  local line
  [ ${#skips[@]} -gt 0 ] && printf '\nskipped\n' && printf '  %s\n' "${skips[@]}"
  [ "${TEST_COVERAGE:-off}" = on ] && printf '\nlines of the server that ran: %.1f %% (artifacts/coverage/coverage.cobertura.xml)\n' \
    "$(sed -n 's/.*<package name="hypersend-server" line-rate="\([0-9.]*\)".*/\1/p' artifacts/coverage/coverage.cobertura.xml 2>/dev/null | awk '{ print 100 * $1 }')"
  promises
  # Last, because a log is read from its end, and often nothing else of it is kept.
  [ ${#failures[@]} -gt 0 ] && printf '\nfailed\n' && printf '  %s\n' "${failures[@]}"
  printf '\n%s in all; logs are in %s\n' "$(seconds "$began")" "${results#"$root"/}"
  line="$passed passed, $failed failed"
  [ "$skipped" -gt 0 ] && line+=", $skipped skipped"
  # What is left to stop is stopped first: this is the last line whatever a server still has to say.
  cleanup
  trap - EXIT
  echo "$line"
  [ "$failed" -eq 0 ]
  exit
}

# ---------------------------------------------------------------- engines

engine() { engines+=("$(printf '%-11s %s' "$1" "$2")"); }

free_ports() { # four at once, so that they differ, and none of those a process is lent that calls out: it could have it before us
  node -e 'const listen=()=>new Promise((done,fail)=>{const s=require("net").createServer();
      s.on("error",e=>e.code==="EADDRINUSE"?done(listen()):fail(e)).on("listening",()=>done(s)).listen(12000+Math.floor(Math.random()*8000),"127.0.0.1")});
    Promise.all([0,1,2,3].map(listen)).then(all=>{ console.log(all.map(s=>s.address().port).join(" ")); all.forEach(s=>s.close()); })'
}

start_postgres() { # start_postgres PORT
  local port=$1 dir=$scratch/postgres where='' password log=$results/postgres.log pid
  password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  # Its settings stay those of a server that loses nothing. But what the tests kill are processes, never the machine, and half of
  # their time was waiting for the disk: where memory has room, the files lie there.
  if [ "$(df --output=avail -B1G /dev/shm 2>/dev/null | tail -n 1)" -ge 6 ] 2>/dev/null &&
    memory=$(mktemp -d /dev/shm/hypersend-test.XXXXXX) && chmod 711 "$memory"; then
    dir=$memory/postgres where=', files in memory'
  fi
  postgres "$port" "$dir" "$log" "$password" 400 || { engine PostgreSQL "absent: ${why/"$root"\//}" && return; }
  pid=$child child=''
  services+=("$pid")
  if ready "$pid" postgres_answers "$port"; then
    export HYPERSEND_TEST_POSTGRES=postgres://hypersend:$password@127.0.0.1:$port/postgres
    engine PostgreSQL "$("$postgres_bin/postgres" --version | awk '{ print $3 }') on 127.0.0.1:$port$where"
  else
    engine PostgreSQL "absent: it did not start (${log#"$root"/})"
  fi
}

start_redis() { # start_redis PORT
  local port=$1 log=$results/redis.log pid
  redis "$port" "$scratch/redis" "$log" || { engine Redis "absent: $why" && return; }
  pid=$child child=''
  services+=("$pid")
  if ready "$pid" answers "$port"; then
    export HYPERSEND_TEST_REDIS=redis://127.0.0.1:$port
    engine Redis "$(redis-server --version | sed 's/.*v=\([^ ]*\).*/\1/') on 127.0.0.1:$port"
  else
    engine Redis "absent: it did not start (${log#"$root"/})"
  fi
}

start_smtp() { # start_smtp PORT
  local port=$1 log=$results/smtp.log dir=$scratch/mail pid
  # Debian's python: the package belongs to it, whatever "python3" is first in the PATH
  /usr/bin/python3 -c 'import aiosmtpd' 2>/dev/null || { engine SMTP 'absent: python3-aiosmtpd is not installed'; return; }
  start "$log" /usr/bin/python3 -m aiosmtpd -n -l "127.0.0.1:$port" -c aiosmtpd.handlers.Mailbox "$dir"
  pid=$child child=''
  services+=("$pid")
  if ready "$pid" answers "$port"; then
    export HYPERSEND_TEST_SMTP=smtp://127.0.0.1:$port HYPERSEND_TEST_SMTP_DIR=$dir
    engine SMTP "aiosmtpd on 127.0.0.1:$port"
  else
    engine SMTP "absent: it did not start (${log#"$root"/})"
  fi
}

start_s3() { # start_s3 PORT
  local port=$1 log=$results/s3.log pid
  s3 "$port" "$scratch/s3" "$log" hypersend || { engine S3 "absent: $why" && return; }
  pid=$child child=''
  services+=("$pid")
  if ready "$pid" answers "$port"; then
    export HYPERSEND_TEST_S3="s3://S3RVER:S3RVER@127.0.0.1:$port/hypersend?tls=off"
    engine S3 "s3rver $(node -p "require('./tests/peers/s3rver/node_modules/s3rver/package.json').version") on 127.0.0.1:$port"
  else
    engine S3 "absent: it did not start (${log#"$root"/})"
  fi
}

start_engines() {
  local ports
  read -r -a ports <<<"$(free_ports)"
  engine SQLite embedded
  if [ -n "${HYPERSEND_TEST_POSTGRES:-}" ]; then engine PostgreSQL given; else start_postgres "${ports[0]}"; fi
  if [ -n "${HYPERSEND_TEST_REDIS:-}" ]; then engine Redis given; else start_redis "${ports[1]}"; fi
  if [ -n "${HYPERSEND_TEST_SMTP:-}" ]; then engine SMTP given; else start_smtp "${ports[2]}"; fi
  if [ -n "${HYPERSEND_TEST_S3:-}" ]; then engine S3 given; else start_s3 "${ports[3]}"; fi
  if command -v chromium >/dev/null; then
    engine Chromium "$(chromium --version 2>/dev/null | awk '{ print $2 }')"
  else
    engine Chromium 'absent: chromium is not installed'
  fi
  local nginx
  if nginx=$(PATH=$PATH:/usr/sbin nginx -v 2>&1); then engine nginx "${nginx##*/}"; else engine nginx 'absent: nginx is not installed'; fi
  printf 'engine  %s\n' "${engines[@]}"
}

# ---------------------------------------------------------------- suites

wanted() {
  # The others have nothing that takes so long, and a run without a test is a failure.
  if [ "$soak" = on ]; then case $1 in BrowserTests | FaultTests | ServerTests) ;; *) return 1 ;; esac; fi
  [ "$nodes" -gt 1 ] && [ "$1" != ServerTests ] && return 1
  [ -z "$only" ] || [ "$only" = "$1" ]
}

suite() { # suite PROJECT [LABEL]
  local project=Hypersend.$1 name=Hypersend.$1${2:+ on $2} file log since=$EPOCHREALTIME code
  file=$project${2:+-${2// /-}}
  log=$results/$file.log
  local options=(--no-ansi --no-progress --results-directory "$results" --report-ctrf --report-ctrf-filename "$file.json" "${arguments[@]}")
  # Those with servers wait most of the time, for a clock or a disk.
  case $1 in EngineSpecs | ServerTests) [ "$nodes" -gt 1 ] || options+=(--max-threads 2x) ;; esac
  if [ "$soak" = on ]; then
    options+=(--filter-trait Run=soak --parallel none --show-live-output on)
  elif [[ $1 =~ ^(BrowserTests|FaultTests|ServerTests)$ ]] && [[ " ${arguments[*]} " != *' --filter-query '* ]]; then
    # The runner takes either plain filters or a query.
    options+=(--filter-not-trait Run=soak)
  fi
  if [ "${TEST_COVERAGE:-off}" = on ]; then
    start "$log" timeout -k 10 "$limit" dotnet msbuild tests/coverage.proj -t:Cover -nologo -nodeReuse:false \
      "-p:Suite=$project" "-p:SuiteArguments=${options[*]}"
  else
    start "$log" timeout -k 10 "$limit" dotnet "tests/$project/bin/Release/net10.0/$project.dll" "${options[@]}"
  fi
  finish
  code=$?
  count "$name" "$code" "$results/$file.json" "$log" "$since"
  [ "$soak" = on ] && sed -n 's/^OUTPUT: \[[^]]*\] /  /p' "$log"
}

web_suite() {
  local log=$results/web.log since=$EPOCHREALTIME code
  start "$log" env TEST_REPORT="$results/web.json" timeout -k 10 "$limit" \
    npm --prefix src/Hypersend.Web test -- "${arguments[@]}"
  finish
  code=$?
  count web "$code" "$results/web.json" "$log" "$since"
}

build() {
  local log=$results/build.log since=$EPOCHREALTIME
  # build servers would outlive this run
  start "$log" dotnet build Hypersend.slnx -c Release --disable-build-servers -nologo
  if finish; then
    printf '%-36s ok      %s\n' build "$(seconds "$since")"
  else
    failed=1
    failures+=("the build (${log#"$root"/})"$'\n'"$(grep -E ' error |^error|npm error' "$log" | sort -u | head -n 10 | sed 's/^/    /')")
    total
  fi
}

# ---------------------------------------------------------------- the run

began=$EPOCHREALTIME
case $only in
  '' | web | Tests | EngineSpecs | ServerTests | FaultTests | BrowserTests) ;;
  *)
    echo "There is no suite '$only'. The suites: web Tests EngineSpecs ServerTests FaultTests BrowserTests" >&2
    exit 2
    ;;
esac
if [ "$soak" = on ] && [ -n "$only" ] && ! wanted "$only"; then
  echo "Nothing of '$only' takes long: HYPERSEND_SOAK=on is for ServerTests, BrowserTests and FaultTests." >&2
  exit 2
fi
for tool in dotnet node npm setsid setpriv; do
  command -v "$tool" >/dev/null || { echo "$tool is needed to run the tests and is not here." >&2; exit 2; }
done

rm -rf "$results"
mkdir -p "$results"
# PostgreSQL runs as another user and has to be able to walk through
scratch=$(mktemp -d /tmp/hypersend-test.XXXXXX) && chmod 711 "$scratch" || exit 1

[ "${TEST_SETUP:-on}" = off ] || tests/setup.sh
[ "${TEST_BUILD:-on}" = off ] || build
if [ "${TEST_COVERAGE:-off}" = on ]; then
  rm -rf artifacts/coverage
  dotnet restore tests/coverage.proj >"$results/coverage.log" 2>&1 || { echo "coverlet could not be restored ($results/coverage.log)" >&2; exit 2; }
fi
case $only in web | Tests) ;; FaultTests) : 'starts its own, to kill them' ;; *) start_engines ;; esac

wanted web && web_suite
wanted Tests && suite Tests
wanted EngineSpecs && suite EngineSpecs
if wanted ServerTests && [ "$nodes" -gt 1 ]; then
  # Each of its servers is several, and a machine has only so many processors for them.
  HYPERSEND_TEST_DATABASE=postgres suite ServerTests "$nodes nodes"
elif wanted ServerTests; then
  HYPERSEND_TEST_DATABASE=sqlite suite ServerTests sqlite
  if [ -n "${HYPERSEND_TEST_POSTGRES:-}" ]; then
    HYPERSEND_TEST_DATABASE=postgres suite ServerTests postgres
  else
    printf '%-36s absent  PostgreSQL is absent\n' 'Hypersend.ServerTests on postgres'
  fi
fi
wanted FaultTests && suite FaultTests
wanted BrowserTests && suite BrowserTests
total
