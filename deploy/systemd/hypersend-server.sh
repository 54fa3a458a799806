#!/bin/sh
# /usr/local/sbin/hypersend-server: what the server does besides serving, with the user, folder and settings of its unit, from
# wherever it is called: hypersend-server check. Files are named by their whole path, in folders that the user hypersend may enter.
set -eu
umask 077
# Where runuser is; cron does not look there.
PATH=$PATH:/usr/sbin:/sbin
# The settings are .env in this folder, DATA_ROOT among them.
cd /etc/hypersend
[ "$(id -u)" -ne 0 ] || exec runuser -u hypersend -- /opt/hypersend/hypersend-server "$@"
exec /opt/hypersend/hypersend-server "$@"
