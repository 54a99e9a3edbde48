#!/bin/sh
# The password goes in by stdin: among the arguments, every `ps` on the host would show it.
set -eu
exec redis-server "$(dirname "$0")/redis.conf" - <<EOF
requirepass "${REDISCLI_AUTH:?}"
EOF
