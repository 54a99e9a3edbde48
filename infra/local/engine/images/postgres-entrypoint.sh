#!/bin/sh
# What the official entry point does of what compose.yml asks of it: make the cluster once, with this
# user, password and database, then run the server.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  printf '%s' "${POSTGRES_PASSWORD:?}" > /tmp/password
  initdb --username="${POSTGRES_USER:=postgres}" --pwfile=/tmp/password --auth-host=scram-sha-256 \
    --auth-local=trust -E UTF8 --locale=C.UTF-8
  rm /tmp/password
  echo 'host all all all scram-sha-256' >> "$PGDATA/pg_hba.conf"
  pg_ctl -D "$PGDATA" -w -o "-c listen_addresses='' -c unix_socket_directories=/var/run/postgresql" start
  psql -h /var/run/postgresql -U "$POSTGRES_USER" -d postgres -c "CREATE DATABASE \"${POSTGRES_DB:-$POSTGRES_USER}\""
  pg_ctl -D "$PGDATA" -w -m fast stop
fi
exec "$@" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql
