#!/usr/bin/env bash
# Looks at what a site is set up with, as far as the programs are here that know it; what is not here is named and left out.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 1
wrong=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
refuse() { printf '%s\n' "$@" >&2 && wrong=1; }
PATH=$PATH:/usr/sbin

for script in deploy/*.sh deploy/*/*.sh; do bash -n "$script" || wrong=1; done

if command -v nginx >/dev/null && command -v openssl >/dev/null; then
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost -keyout "$scratch/key.pem" -out "$scratch/certificate.pem" 2>/dev/null
  if ! deploy/nginx/render.sh --to "$scratch/nginx" --listen 127.0.0.1:8443 --nodes '127.0.0.1:8501 127.0.0.1:8502' \
    --certificate "$scratch/certificate.pem" --key "$scratch/key.pem" --blobs "$scratch" ||
    ! nginx -q -t -p "$scratch/nginx" -e stderr -c "$scratch/nginx/nginx.conf"; then
    refuse 'deploy/nginx/hypersend.conf: nginx does not take it'
  fi
else
  echo 'nginx or openssl is not here: deploy/nginx is not checked'
fi

if command -v systemd-analyze >/dev/null; then
  mkdir "$scratch/systemd"
  for unit in deploy/systemd/*.service deploy/systemd/*.timer; do
    sed 's:^ExecStart=[^ ]*:ExecStart=/bin/true:' "$unit" >"$scratch/systemd/${unit##*/}"
  done
  said=$(SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$scratch"/systemd/* 2>&1 | grep -F -e hypersend.service -e hypersend-backup)
  [ -z "$said" ] || refuse "$said"
  # One folder of settings for all that runs the server, or one of them works on other data.
  folders=$(sed -n -e 's/^WorkingDirectory=//p' -e 's/^cd //p' deploy/systemd/*.service deploy/systemd/*.sh | sort | uniq -c)
  case $folders in *' 3 /etc/hypersend') ;; *) refuse "deploy/systemd: these are not one and the same folder:" "$folders" ;; esac
else
  echo 'systemd-analyze is not here: deploy/systemd is not checked'
fi

if docker compose version >/dev/null 2>&1; then
  docker compose -f compose.yaml config -q || wrong=1
  sed 's/=$/=x/' deploy/cluster.env.example >"$scratch/cluster.env"
  docker compose --env-file "$scratch/cluster.env" -f compose.cluster.yaml config -q || wrong=1
elif /usr/bin/python3 -c 'import yaml' 2>/dev/null; then
  /usr/bin/python3 - compose.yaml compose.cluster.yaml <<'PYTHON' || wrong=1
import re, sys, yaml
known = set(re.findall(r'^#?([A-Z][A-Z_]+)=', open('.env.example').read(), re.M))
filled = set(re.findall(r'^#?([A-Z][A-Z_0-9]+)=', open('deploy/cluster.env.example').read(), re.M))
wrong = []
for path in sys.argv[1:]:
    text = open(path).read()
    parsed = yaml.safe_load(text)
    for name, service in parsed['services'].items():
        if service.get('image') == 'hypersend':
            wrong += [f'{path}: {name}: the server has no setting {one}' for one in (service.get('environment') or {}) if one not in known]
        missing = {volume.split(':')[0] for volume in service.get('volumes', [])} - set(parsed.get('volumes') or {})
        wrong += [f'{path}: {name}: there is no volume {one}' for one in missing if not one.startswith('.')]
    wrong += [f'{path}: ${{{one}}} is not in deploy/cluster.env.example' for one in set(re.findall(r'\$\{([A-Z_0-9]+)', text)) - filled]
print('\n'.join(wrong), end='\n' if wrong else '', file=sys.stderr)
sys.exit(bool(wrong))
PYTHON
  echo 'docker compose is not here: the compose files were parsed, and not more'
else
  echo 'docker compose is not here: the compose files are not checked'
fi
exit $wrong
