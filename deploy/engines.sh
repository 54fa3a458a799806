# Sourced, not run (tests/run.sh, deploy/cluster/cluster.sh): processes that end with the script that started them, and the
# engines a server may stand on, in a folder and on a port of their own.
# shellcheck shell=bash disable=SC2034

# Each child leads a session of its own, so that it can be ended with all it started, and dies with this script even
# when this script is killed.
start() { # start LOG COMMAND...: leaves the id in $child
  local log=$1
  shift
  setsid setpriv --pdeathsig TERM "$@" >>"$log" 2>&1 </dev/null &
  child=$!
}

alive() { kill -0 "$1" 2>/dev/null; }

stop() { # stop SIGNAL PID...: asks, waits up to ${patience:-10} s, insists
  local signal=$1 pid i
  shift
  for pid in "$@"; do kill "-$signal" -- "-$pid" 2>/dev/null || kill "-$signal" "$pid" 2>/dev/null; done
  for pid in "$@"; do
    for ((i = 0; i < ${patience:-10} * 10; i++)); do
      alive "$pid" || break
      sleep 0.1
    done
    kill -KILL -- "-$pid" 2>/dev/null
  done
}

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

# Those below leave the id in $child. When they cannot start at all they say in $why why not.

postgres() { # postgres PORT FOLDER LOG PASSWORD CONNECTIONS: what is in the folder already is kept
  local port=$1 dir=$2 log=$3 password=$4 connections=$5 as=()
  postgres_bin=$(compgen -G '/usr/lib/postgresql/*/bin' | sort -V | tail -n 1)
  [ -e "$dir/data/PG_VERSION" ] && postgres_bin=/usr/lib/postgresql/$(<"$dir/data/PG_VERSION")/bin
  [ -x "$postgres_bin/initdb" ] || { why='the package postgresql is not installed' && return 1; }
  mkdir -p "$dir"
  if [ "$(id -u)" -eq 0 ]; then
    # initdb and the server refuse to be root
    id -u postgres >/dev/null 2>&1 || { why='there is no user "postgres" to run it as' && return 1; }
    as=(setpriv --reuid=postgres --regid=postgres --init-groups --pdeathsig INT)
  fi
  if [ ! -e "$dir/data/PG_VERSION" ]; then
    rm -rf "$dir/data.new"
    (umask 077 && echo "$password" >"$dir/password")
    [ ${#as[@]} -eq 0 ] || chown -R postgres "$dir"
    if ! (cd / && "${as[@]}" "$postgres_bin/initdb" -D "$dir/data.new" -U hypersend --pwfile="$dir/password" \
      --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8) >>"$log" 2>&1; then
      why="initdb failed ($log)"
      return 1
    fi
    mv "$dir/data.new" "$dir/data"
    rm "$dir/password"
  fi
  start "$log" "${as[@]}" "$postgres_bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 \
    -c unix_socket_directories= -c max_connections="$connections"
}

postgres_answers() { "$postgres_bin/pg_isready" -q -h 127.0.0.1 -p "$1"; } # postgres_answers PORT

redis() { # redis PORT FOLDER LOG [PASSWORD]
  command -v redis-server >/dev/null || { why='redis-server is not installed' && return 1; }
  mkdir -p "$2"
  start "$3" redis-server --port "$1" --bind 127.0.0.1 --save '' --appendonly no --dir "$2" ${4:+--requirepass "$4"}
}

s3() { # s3 PORT FOLDER LOG BUCKET
  local server
  server=$(dirname "${BASH_SOURCE[0]}")/../tests/peers/s3rver
  [ -d "$server/node_modules" ] || { why='s3rver is not installed (npm ci in tests/peers/s3rver)' && return 1; }
  start "$3" node --openssl-legacy-provider "$server/server.mjs" "$1" "$2" "$4"
}
