#!/usr/bin/env bash
# Makes of hypersend.conf what can run beside everything else: the same file with other addresses and folders, and an nginx.conf
# around it. Whatever it does not know how to replace it refuses, so that what is tried is what is shipped.
#
#   render.sh --to FOLDER --listen 127.0.0.1:8443 --nodes "127.0.0.1:8001 127.0.0.1:8002" [--name localhost]
#             [--certificate FILE --key FILE] [--plain 127.0.0.1:8080] [--blobs FOLDER] [--workers 1]
#
# Without a certificate it speaks plain http; with one, --plain says where the server listens that leads there. Start it: nginx -p FOLDER -e FOLDER/error.log -c FOLDER/nginx.conf
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
to='' listen='' nodes='' name=localhost certificate='' key='' plain='' blobs='' workers=1
while [ $# -gt 0 ]; do
  case $1 in
    --to | --listen | --nodes | --name | --certificate | --key | --plain | --blobs | --workers) printf -v "${1#--}" %s "${2:?$1 needs a value}" && shift 2 ;;
    *) echo "render.sh: $1 is not known" >&2 && exit 2 ;;
  esac
done
: "${to:?--to is needed}" "${listen:?--listen is needed}" "${nodes:?--nodes is needed}"
case $to$blobs$certificate$key in *[[:space:]\;\{\}\"\'\$]*) echo "render.sh: nginx takes no such path" >&2 && exit 2 ;; esac

mkdir -p "$to/temp"
awk -v listen="$listen" -v nodes="$nodes" -v name="$name" -v certificate="$certificate" -v key="$key" -v plain="$plain" -v blobs="${blobs:-/nowhere}" -v to="$to" '
  /^# begin plain http$/ { away = plain == "" }
  /^# end plain http$/ { away = 0; next }
  away || /^ *#/ { next }
  /^ *server 127\.0\.0\.1:8000 / { n = split(nodes, each, " "); for (i = 1; i <= n; i++) { line = $0; sub(/127\.0\.0\.1:8000/, each[i], line); print line } next }
  /^ *listen 80;/ { print "    listen " plain ";"; next }
  /^ *listen \[::\]:80;/ { next }
  /^ *listen 443 / { print "    listen " listen (certificate == "" ? "" : " ssl http2") ";"; next }
  /^ *listen \[::\]:443 / { next }
  /^ *ssl_certificate_key / { if (certificate != "") print "    ssl_certificate_key " key ";"; next }
  /^ *ssl_certificate / { if (certificate != "") print "    ssl_certificate " certificate ";"; next }
  /^ *ssl_/ && certificate == "" { next }
  { gsub(/chat\.example\.org/, name); gsub(/\/var\/lib\/hypersend\/blobs/, blobs); gsub(/\/var\/cache\/hypersend-nginx/, to "/assets"); gsub(/\/var\/www\/html/, to "/acme")
    gsub(/\/var\/log\/nginx\/hypersend\.log/, to "/access.log"); gsub(/\/var\/log\/nginx\/hypersend-error\.log crit/, to "/error.log warn"); print }
' "$here/hypersend.conf" >"$to/site.conf"
left=$(grep -nE 'chat\.example\.org|/var/|/etc/|listen ([^;]*:)?(80|443)[ ;]' "$to/site.conf" |
  grep -vF -e "$to" -e "${blobs:-$to}" -e "${certificate:-$to}" -e "${key:-$to}" -e "listen $listen" -e "listen ${plain:-$listen};" || true) # what was asked for may lie there
for node in $nodes; do grep -qF "server $node " "$to/site.conf" || left+="$node is missing"; done
[ -z "$left" ] || { printf 'render.sh: these lines of hypersend.conf are not replaced:\n%s\n' "$left" >&2 && exit 1; }

# As root the workers stay root: the files of the cluster belong to whoever started it.
cat >"$to/nginx.conf" <<NGINX
daemon off;
$([ "$(id -u)" -ne 0 ] || echo 'user root;')
worker_processes $workers;
pid $to/nginx.pid;
error_log $to/error.log warn;
worker_rlimit_nofile 20000;
events { worker_connections 8000; }
http {
    include /etc/nginx/mime.types;
    client_body_temp_path $to/temp/body;
    proxy_temp_path $to/temp/proxy;
    fastcgi_temp_path $to/temp/fastcgi;
    uwsgi_temp_path $to/temp/uwsgi;
    scgi_temp_path $to/temp/scgi;
    access_log off;
    include $to/site.conf;
}
NGINX
