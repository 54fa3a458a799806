#!/usr/bin/env bash
# Runs the tests: all of them, or one suite with arguments of its own.
#
#   tests/run.sh                                          everything
#   tests/run.sh ServerTests --filter-class '*Login*'     one suite; the arguments go to its runner
#   tests/run.sh web
#
# It installs what is missing (tests/setup.sh), builds once, starts PostgreSQL, Redis and an SMTP server in a scratch
# folder on free ports, and stops them again however it ends. Full logs: artifacts/test-results. The last line is
# always "N passed, N failed", with ", N skipped" when there are any.
#
# TEST_COVERAGE=on counts the lines of the server that ran (artifacts/coverage).
# TEST_SETUP=off installs nothing, TEST_BUILD=off uses the last build, TEST_TIMEOUT (seconds) limits one suite.
# An engine whose HYPERSEND_TEST_... variable is already set is used as it is and not started.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
root=$PWD
results=$root/artifacts/test-results
limit=${TEST_TIMEOUT:-900}
only=${1:-}
only=${only#Hypersend.}
[ $# -gt 0 ] && shift
arguments=("$@")

export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
# Every process of this run carries this mark, so that the end finds those that left their process group.
export HYPERSEND_TEST_RUN=$$-$RANDOM$RANDOM

passed=0 failed=0 skipped=0
engines=() failures=() skips=()
scratch='' child='' services=()

# ---------------------------------------------------------------- processes

# Each child leads a session of its own, so that it can be ended with all it started, and dies with this script even
# when this script is killed.
start() { # start LOG COMMAND...: leaves the id in $child
  local log=$1
  shift
  setsid setpriv --pdeathsig TERM "$@" >"$log" 2>&1 </dev/null &
  child=$!
}

finish() { # finish: waits for $child
  wait "$child" 2>/dev/null # bash would report the signal of a crash a second time
  local code=$?
  kill -KILL -- "-$child" 2>/dev/null
  child=''
  return $code
}

alive() { kill -0 "$1" 2>/dev/null; }

stop() { # stop SIGNAL PID...: asks, waits up to 10 s, insists
  local signal=$1 pid
  shift
  for pid in "$@"; do kill "-$signal" -- "-$pid" 2>/dev/null || kill "-$signal" "$pid" 2>/dev/null; done
  for pid in "$@"; do
    for _ in {1..100}; do
      alive "$pid" || break
      sleep 0.1
    done
    kill -KILL -- "-$pid" 2>/dev/null
  done
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
  rm -f "$report.lines"
  passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
  local verdict=ok
  [ "$f" -gt 0 ] && verdict=FAILED
  printf '%-36s %-7s %4d passed, %d failed, %d skipped   %s\n' "$name" "$verdict" "$p" "$f" "$s" "$(seconds "$since")"
}

total() {
  local line
  [ ${#skips[@]} -gt 0 ] && printf '\nskipped\n' && printf '  %s\n' "${skips[@]}"
  [ ${#failures[@]} -gt 0 ] && printf '\nfailed\n' && printf '  %s\n' "${failures[@]}"
  [ "${TEST_COVERAGE:-off}" = on ] && printf '\nlines of the server that ran: %.1f %% (artifacts/coverage/coverage.cobertura.xml)\n' \
    "$(sed -n 's/.*<package name="hypersend-server" line-rate="\([0-9.]*\)".*/\1/p' artifacts/coverage/coverage.cobertura.xml 2>/dev/null | awk '{ print 100 * $1 }')"
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

# shellcheck disable=SC2317 # called by name, from ready
answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

ready() { # ready PID COMMAND...: asks until it answers, the process dies or 20 s have gone
  local pid=$1
  shift
  for _ in {1..200}; do
    "$@" >/dev/null 2>&1 && return 0
    alive "$pid" || return 1
    sleep 0.1
  done
  return 1
}

free_ports() { # three at once, so that they differ
  node -e 'const s=[0,1,2].map(()=>require("net").createServer().listen(0,"127.0.0.1"));
    Promise.all(s.map(x=>new Promise(r=>x.on("listening",r)))).then(()=>{
      console.log(s.map(x=>x.address().port).join(" ")); s.forEach(x=>x.close()); })'
}

start_postgres() { # start_postgres PORT
  local port=$1 bin dir=$scratch/postgres password log=$results/postgres.log as=() pid
  bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
  [ -x "$bin/initdb" ] || { engine PostgreSQL 'absent: the package postgresql is not installed'; return; }
  password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
  mkdir "$dir" && echo "$password" >"$dir/password"
  if [ "$(id -u)" -eq 0 ]; then
    # initdb and the server refuse to be root
    id -u postgres >/dev/null 2>&1 || { engine PostgreSQL 'absent: there is no user "postgres" to run it as'; return; }
    chown -R postgres "$dir"
    as=(setpriv --reuid=postgres --regid=postgres --init-groups --pdeathsig INT)
  fi
  # fsync stays on: an acknowledgement that is not on disk is what the tests look for
  if ! (cd / && "${as[@]}" "$bin/initdb" -D "$dir/data" -U hypersend --pwfile="$dir/password" \
    --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8) >"$log" 2>&1; then
    engine PostgreSQL "absent: initdb failed (${log#"$root"/})"
    return
  fi
  start "$log" "${as[@]}" "$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c max_connections=200
  pid=$child child=''
  services+=("$pid")
  if ready "$pid" "$bin/pg_isready" -q -h 127.0.0.1 -p "$port"; then
    export HYPERSEND_TEST_POSTGRES=postgres://hypersend:$password@127.0.0.1:$port/postgres
    engine PostgreSQL "$("$bin/postgres" --version | awk '{ print $3 }') on 127.0.0.1:$port"
  else
    engine PostgreSQL "absent: it did not start (${log#"$root"/})"
  fi
}

start_redis() { # start_redis PORT
  local port=$1 log=$results/redis.log pid
  command -v redis-server >/dev/null || { engine Redis 'absent: redis-server is not installed'; return; }
  mkdir "$scratch/redis"
  start "$log" redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$scratch/redis"
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

start_engines() {
  local ports
  read -r -a ports <<<"$(free_ports)"
  engine SQLite embedded
  if [ -n "${HYPERSEND_TEST_POSTGRES:-}" ]; then engine PostgreSQL given; else start_postgres "${ports[0]}"; fi
  if [ -n "${HYPERSEND_TEST_REDIS:-}" ]; then engine Redis given; else start_redis "${ports[1]}"; fi
  if [ -n "${HYPERSEND_TEST_SMTP:-}" ]; then engine SMTP given; else start_smtp "${ports[2]}"; fi
  if command -v chromium >/dev/null; then
    engine Chromium "$(chromium --version 2>/dev/null | awk '{ print $2 }')"
  else
    engine Chromium 'absent: chromium is not installed'
  fi
  printf 'engine  %s\n' "${engines[@]}"
}

# ---------------------------------------------------------------- suites

wanted() { [ -z "$only" ] || [ "$only" = "$1" ]; }

suite() { # suite PROJECT [LABEL]
  local project=Hypersend.$1 name=Hypersend.$1${2:+ on $2} file log since=$EPOCHREALTIME code
  file=$project${2:+-$2}
  log=$results/$file.log
  local options=(--no-ansi --no-progress --results-directory "$results" --report-ctrf --report-ctrf-filename "$file.json" "${arguments[@]}")
  if [ "${TEST_COVERAGE:-off}" = on ]; then
    start "$log" timeout -k 10 "$limit" dotnet msbuild tests/coverage.proj -t:Cover -nologo -nodeReuse:false \
      "-p:Suite=$project" "-p:SuiteArguments=${options[*]}"
  else
    start "$log" timeout -k 10 "$limit" dotnet "tests/$project/bin/Release/net10.0/$project.dll" "${options[@]}"
  fi
  finish
  code=$?
  count "$name" "$code" "$results/$file.json" "$log" "$since"
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
  '' | web | Tests | EngineSpecs | ServerTests | BrowserTests) ;;
  *)
    echo "There is no suite '$only'. The suites: web Tests EngineSpecs ServerTests BrowserTests" >&2
    exit 2
    ;;
esac
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
case $only in web | Tests) ;; *) start_engines ;; esac

wanted web && web_suite
wanted Tests && suite Tests
wanted EngineSpecs && suite EngineSpecs
if wanted ServerTests; then
  HYPERSEND_TEST_DATABASE=sqlite suite ServerTests sqlite
  if [ -n "${HYPERSEND_TEST_POSTGRES:-}" ]; then
    HYPERSEND_TEST_DATABASE=postgres suite ServerTests postgres
  else
    printf '%-36s absent  PostgreSQL is absent\n' 'Hypersend.ServerTests on postgres'
  fi
fi
wanted BrowserTests && suite BrowserTests
total
