#!/usr/bin/env bash
# The production topology on one machine: nginx with TLS, several nodes of the server, PostgreSQL, Redis, an S3 server and coturn,
# all on loopback, everything they keep in artifacts/cluster. "make cluster" builds the server and runs this; Ctrl-C stops all.
#
#   --nodes=3           how many nodes
#   --port=8443         where nginx listens: https://localhost:8443
#   --base=8500         the others: nodes on 8501, 8502, ..., PostgreSQL 8550, Redis 8560, S3 8570, TURN 8580
#   --storage=s3        or folder: one folder that all nodes share, whose files nginx sends itself
#   --restart=on        what dies is started again after a second, as systemd would; off leaves it dead
#   --folder=PATH       where everything is kept (artifacts/cluster)
#   --fresh             begin with nothing
#   --NAME=VALUE        a setting for every node, for example --LOG_LEVEL=debug
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd) || exit 1
# shellcheck source=deploy/engines.sh
. "$root/deploy/engines.sh"

nodes=3 port=8443 base=8500 storage=s3 restart=on child='' patience=10 folder=$root/artifacts/cluster fresh=off server=$root/artifacts/server/hypersend-server
settings=()
refuse() {
  printf '%s\n' "$@" >&2
  exit 2
}
for argument in "$@"; do
  case $argument in
    --nodes=*[!0-9]* | --port=*[!0-9]* | --base=*[!0-9]*) refuse "$argument: this must be a number." ;;
    --nodes=* | --port=* | --base=* | --storage=* | --restart=* | --folder=*) printf -v "$(cut -d= -f1 <<<"${argument#--}")" %s "${argument#*=}" ;;
    --fresh) fresh=on ;;
    --help) sed -n '2,/^set /{s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}" && exit ;;
    --[A-Z]*=*) settings+=("$argument") ;;
    *) refuse "$argument is not known. These are:" "$(sed -n 's/^#   --/  --/p' "${BASH_SOURCE[0]}")" ;;
  esac
done
case $nodes in [1-9] | 1[0-9]) ;; *) refuse "--nodes=$nodes: 1 to 19." ;; esac
case $storage in s3 | folder) ;; *) refuse "--storage=$storage: s3 or folder." ;; esac
case $restart in on | off) ;; *) refuse "--restart=$restart: on or off." ;; esac

[ -x "$server" ] || refuse "There is no $server: run \"make cluster\", which builds it."
missing=()
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing+=(nginx)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v turnserver >/dev/null || missing+=(coturn)
command -v openssl >/dev/null || missing+=(openssl)
[ ${#missing[@]} -eq 0 ] || refuse "Not installed: ${missing[*]}. On Debian: apt-get install --no-install-recommends ${missing[*]}" \
  "(their own services are not needed: systemctl disable --now nginx postgresql redis-server coturn)"
if [ "$storage" = s3 ] && [ ! -d "$root/tests/peers/s3rver/node_modules" ]; then
  npm ci --prefix "$root/tests/peers/s3rver" --no-audit --no-fund --loglevel=error >/dev/null || refuse "The S3 server of the tests cannot be installed (npm ci in tests/peers/s3rver)."
fi

# ---------------------------------------------------------------- the folder

mkdir -p "$folder" && cd "$folder" && folder=$PWD || exit 1
exec 9>"$folder/lock"
flock -n 9 || refuse "Another cluster runs in $folder: stop it, or give this one a folder and ports of its own: --folder=PATH --port=9443 --base=9500"
[ "$fresh" = off ] || find "$folder" -mindepth 1 -maxdepth 1 ! -name lock -exec rm -rf {} +
mkdir -p logs
rm -f logs/*.log
# PostgreSQL runs as another user and has to be able to walk through.
if [ "$(id -u)" -eq 0 ]; then
  id -u postgres >/dev/null 2>&1 || refuse 'As root, PostgreSQL needs a user "postgres" to run as; the package postgresql makes one.'
  walk=$folder
  while [ "$walk" != / ]; do
    setpriv --reuid=postgres --regid=postgres --init-groups test -x "$walk" ||
      refuse "The user postgres cannot enter $walk: choose another place, for example --folder=/var/tmp/hypersend-cluster"
    walk=$(dirname "$walk")
  done
fi
if [ ! -s secrets ]; then
  (umask 077 && for name in SECRET_KEY POSTGRES_PASSWORD REDIS_PASSWORD TURN_SECRET; do echo "$name=$(openssl rand -hex 32)"; done >secrets.new && mv secrets.new secrets)
fi
# shellcheck source=/dev/null
. "$folder/secrets"
if [ ! -s certificate.pem ] || ! openssl x509 -checkend 86400 -noout -in certificate.pem >/dev/null; then
  (umask 077 && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 365 -subj /CN=localhost \
    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout key.pem -out certificate.pem 2>/dev/null) || refuse "openssl could not make a certificate."
fi

# ---------------------------------------------------------------- the parts, in the order in which they start

parts=(postgres redis) addresses=()
declare -A ports=([postgres]=$((base + 50)) [redis]=$((base + 60)) [s3]=$((base + 70)) [turn]=$((base + 80)) [nginx]=$port) pids=() since=()
[ "$storage" = s3 ] && parts+=(s3)
parts+=(turn)
for ((i = 1; i <= nodes; i++)); do
  parts+=("node-$i") ports[node-$i]=$((base + i))
  addresses+=("127.0.0.1:$((base + i))")
done
parts+=(nginx)

for part in "${parts[@]}"; do
  if answers "${ports[$part]}"; then
    holder=$(ss -Hltnp "sport = :${ports[$part]}" 2>/dev/null | sed -n 's/.*users:((\("[^"]*",pid=[0-9]*\).*/ by \1/p' | head -n 1)
    refuse "Port ${ports[$part]}, for $part, is taken$holder." "Stop what listens there, or choose others: make cluster ARGS=\"--port=9443 --base=9500\""
  fi
done

database=postgres://hypersend:$POSTGRES_PASSWORD@127.0.0.1:${ports[postgres]}/postgres
bytes="s3://S3RVER:S3RVER@127.0.0.1:${ports[s3]}/hypersend?tls=off" accel=()
[ "$storage" = folder ] && bytes=file:$folder/blobs accel=("ACCEL_REDIRECT=/protected") && mkdir -p "$folder/blobs"

up() { # up PART: leaves the id in pids
  local log=$folder/logs/$1.log own=${ports[$1]}
  why=''
  case $1 in
    postgres) postgres "$own" "$folder/postgres" "$log" "$POSTGRES_PASSWORD" $((nodes * 25 + 25)) ;;
    redis) redis "$own" "$folder/redis" "$log" "$REDIS_PASSWORD" ;;
    s3) s3 "$own" "$folder/s3" "$log" hypersend ;;
    turn)
      start "$log" turnserver -n --listening-ip=127.0.0.1 --relay-ip=127.0.0.1 --listening-port="$own" --use-auth-secret \
        --static-auth-secret="$TURN_SECRET" --realm=hypersend --no-tls --no-dtls --no-cli --log-file=stdout \
        --pidfile="$folder/turn.pid" --db="$folder/turn.db"
      ;;
    node-*)
      start "$log" env -C "$folder" DATA_ROOT="$folder/$1" DATABASE_URL="$database" STORAGE_URL="$bytes" "${accel[@]}" \
        REDIS_URL="redis://:$REDIS_PASSWORD@127.0.0.1:${ports[redis]}/0" SECRET_KEY="$SECRET_KEY" NODE_URL="http://127.0.0.1:$own" \
        PUBLIC_URL="https://localhost:$port" TRUSTED_PROXIES=127.0.0.1 LOG_FORMAT=text \
        TURN_URLS="turn:127.0.0.1:${ports[turn]}?transport=udp,turn:127.0.0.1:${ports[turn]}?transport=tcp" TURN_SECRET="$TURN_SECRET" \
        "$server" --urls="http://127.0.0.1:$own" "${settings[@]}"
      ;;
    nginx)
      "$root/deploy/nginx/render.sh" --to "$folder/nginx" --listen "127.0.0.1:$own" --nodes "${addresses[*]}" --workers auto \
        --certificate "$folder/certificate.pem" --key "$folder/key.pem" --blobs "$folder/blobs" || { why='its configuration cannot be made' && return 1; }
      PATH=$PATH:/usr/sbin start "$log" nginx -p "$folder/nginx" -e "$folder/nginx/error.log" -c "$folder/nginx/nginx.conf"
      ;;
  esac || return 1
  pids[$1]=$child since[$1]=$SECONDS
}

is_up() { # is_up PART
  case $1 in
    postgres) postgres_answers "${ports[postgres]}" ;;
    node-*) answers "${ports[$1]}" ;;
    *) answers "${ports[$1]}" ;;
  esac
}

down() {
  trap '' INT TERM HUP
  trap - EXIT
  [ ${#pids[@]} -eq 0 ] && exit
  echo
  local part signal i
  for ((i = ${#parts[@]} - 1; i >= 0; i--)); do
    part=${parts[i]}
    if [ -z "${pids[$part]:-}" ] || ! alive "${pids[$part]}"; then continue; fi
    # QUIT lets nginx finish what runs, INT is PostgreSQL's fast shutdown.
    case $part in nginx) signal=QUIT patience=3 ;; node-*) signal=TERM patience=30 ;; turn) signal=TERM patience=5 ;; postgres) signal=INT patience=20 ;; *) signal=INT patience=5 ;; esac
    printf 'stopping %s\n' "$part"
    stop "$signal" "${pids[$part]}"
  done
  exit
}
trap down EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

exec 3>&2
fail() { # fail PART REASON
  printf '%s %s\n' "$1" "$2" >&3
  [ -s "logs/$1.log" ] && tail -n 8 "logs/$1.log" | cut -c 1-300 | sed 's/^/    /' >&3
  exit 1
}

for part in "${parts[@]}"; do
  printf '\rstarting %-12s' "$part"
  up "$part" || fail "$part" "cannot start: $why"
  # The nodes wait for nothing but the database, and for that together.
  case $part in node-*) continue ;; esac
  [ "$part" != nginx ] || for other in "${parts[@]}"; do
    case $other in node-*) ready "${pids[$other]}" is_up "$other" || fail "$other" "does not answer:" ;; esac
  done
  ready "${pids[$part]}" is_up "$part" || fail "$part" "does not answer:"
done

printf '\r%-24s\n' ''
printf '%-10s %-30s %s\n' WHAT ADDRESS LOG
for part in "${parts[@]}"; do
  case $part in
    nginx) address=https://localhost:$port ;;
    node-*) address=http://127.0.0.1:${ports[$part]} ;;
    postgres) address=postgres://127.0.0.1:${ports[$part]} ;;
    redis) address=redis://127.0.0.1:${ports[$part]} ;;
    s3) address=http://127.0.0.1:${ports[$part]} ;;
    turn) address=turn:127.0.0.1:${ports[$part]} ;;
  esac
  printf '%-10s %-30s %s\n' "$part" "$address" "${folder#"$root"/}/logs/$part.log"
done
printf '\nOpen https://localhost:%s (the certificate is made here: the browser asks once). Passwords: %s\n' "$port" "${folder#"$root"/}/secrets"
# The node answers already, and what it has to say may reach its log a moment later.
greeted=0
for _ in {1..50}; do
  code=$(sed -n 's/.*set-up code \([0-9a-z-]*\).*/\1/p' logs/node-1.log | head -n 1)
  if [ -n "$code" ] || [ $greeted -ge 5 ]; then break; fi
  ! grep -q 'Open http' logs/node-1.log || greeted=$((greeted + 1))
  sleep 0.1
done
[ -z "$code" ] || printf 'There is no administrator yet. The first account becomes one with the set-up code %s\n' "$code"
[ "$restart" = off ] || printf 'Kill any of them (kill -9 %s): it comes back after a second. Ctrl-C stops all.\n' "${pids[node-1]}"

# ---------------------------------------------------------------- while it runs

# Each part by itself: one that waits for another (a node for PostgreSQL) must not keep that other from being started.
declare -A due=() unanswered=()
while sleep 0.2; do
  for part in "${parts[@]}"; do
    pid=${pids[$part]:-}
    if [ -n "$pid" ] && alive "$pid"; then
      if [ -n "${unanswered[$part]:-}" ] && is_up "$part"; then
        printf '%(%T)T %s answers\n' -1 "$part"
        unset "unanswered[$part]"
      fi
      continue
    fi
    if [ -n "$pid" ]; then
      wait "$pid" 2>/dev/null
      code=$?
      # What it has left would hold its port.
      kill -KILL -- "-$pid" 2>/dev/null
      unset "pids[$part]" "unanswered[$part]"
      if [ "$restart" = off ]; then
        printf '%(%T)T %s ended with code %s\n' -1 "$part" "$code"
        continue
      fi
      # What dies at once again and again is not started at once again and again.
      again=1
      [ $((SECONDS - since[$part])) -ge 5 ] || again=5
      due[$part]=$((SECONDS + again))
      printf '%(%T)T %s ended with code %s; it is started again\n' -1 "$part" "$code"
    elif [ -n "${due[$part]:-}" ] && [ "$SECONDS" -ge "${due[$part]}" ]; then
      unset "due[$part]"
      up "$part" || fail "$part" "cannot start again: $why"
      unanswered[$part]=yes
    fi
  done
done 2>/dev/null # bash has a word of its own for each of them
