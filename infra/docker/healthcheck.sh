#!/usr/bin/env bash
# healthcheck.sh PORT [PATH]: exit code 0 where http://127.0.0.1:PORT/health answers 200; else 1, with the
# answer (Docker keeps it in `docker inspect`).
#
# bash has sockets of its own. The images have no curl, and to start Node every few seconds in each container
# would be most of what an idle AFK does.
port=${1:?} path=${2:-/health}
exec 3<>"/dev/tcp/127.0.0.1/$port" || exit 1
printf 'GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "$path" >&3
# To the end of the answer: there is no such character in it.
IFS= read -r -d '' -u 3 answer
case $answer in
'HTTP/1.1 200 '*) exit 0 ;;
esac
printf '%s\n' "$answer"
exit 1
