#!/bin/sh
# Starts the central Redis with the users of the file beside this one. They go in by stdin, and as hashes: among the
# arguments, every `ps` on the host would show the passwords, and no file is there to be read.
# A test has folders, an address and a port of its own: DATA, BACKUPS, REDIS_BIND, REDIS_LISTEN_PORT.
set -eu
export LC_ALL=C
umask 022
here=$(dirname "$0")
DATA=${DATA:-/data}

refuse() {
  echo "redis: $1" >&2
  exit 78
}

[ -n "${REDIS_ADMIN_PASSWORD:-}" ] || refuse "REDIS_ADMIN_PASSWORD is not set"
[ -n "${REDIS_PASSWORD:-}" ] || refuse "REDIS_PASSWORD is not set"
case $REDIS_PASSWORD in
*[!A-Za-z0-9._~-]*)
  refuse "REDIS_PASSWORD becomes part of a URL: letters, digits and - . _ ~ only (openssl rand -hex 24 makes one)"
  ;;
esac

# `printf` and `echo` are the shell's own: no process has the text among its arguments.
sha256() {
  printf %s "$1" | sha256sum | cut -d ' ' -f 1
}

# Lines of redis.conf: `user NAME on #HASH RULES…`
users() {
  admin=$(sha256 "$REDIS_ADMIN_PASSWORD") services=$(sha256 "$REDIS_PASSWORD") awk '
    function fail(why) {
      print "redis: " FILENAME " line " NR ": " why | "cat >&2"
      failed = 1
      exit 78
    }
    { sub(/\r$/, ""); sub(/#.*/, "") }
    NF == 0 { next }
    $1 == "role" && NF > 2 {
      for (i = 3; i <= NF; i++) role[$2] = role[$2] " " $i
      next
    }
    $1 == "user" && NF > 2 {
      if (known[$2]++) fail("user \"" $2 "\" is there twice")
      line = "user " $2 " on #" ENVIRON[$2 == "default" ? "admin" : "services"]
      for (i = 3; i <= NF; i++) {
        if (!($i in role)) fail("no role \"" $i "\"")
        line = line role[$i]
      }
      print line
      next
    }
    { fail("neither \"role NAME RULES\" nor \"user NAME ROLES\"") }
    END { if (!failed && !known["default"]) fail("no user \"default\": Redis would let anybody in") }
  ' "$here/users"
}

acl=$(users)
# A backup that is to be restored takes the place of what is there, before Redis reads it.
. "$here/restore.sh"
unset REDIS_ADMIN_PASSWORD REDIS_PASSWORD REDISCLI_AUTH
exec redis-server "$here/redis.conf" - <<EOF
dir "$DATA"
bind ${REDIS_BIND:-* -::*}
port ${REDIS_LISTEN_PORT:-6379}
$acl
EOF
