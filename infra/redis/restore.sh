# Sourced by start.sh before Redis starts: puts the base of a backup in the place of what Redis has, once for each
# order that `afk restore` leaves beside the backups (a line: name of the backup, token). What Redis had is kept
# as appendonlydir.before-restore. Plain sh: the image is Alpine's.
restore_base() (
  set -eu
  backups=${BACKUPS:-/backups} data=${DATA:-/data}
  order=$backups/restore-redis
  [ -r "$order" ] || return 0
  # Done before: a restart is none of the restore's.
  if [ -f "$data/restored" ] && cmp -s "$order" "$data/restored"; then return 0; fi
  # Without a line's end it fails, and has read it all the same. An empty one names nothing.
  name=
  read -r name _ <"$order" || :
  case $name in
    '' | .* | */*)
      echo "restore: $order names no backup: Redis starts with what it has" >&2
      return 0
      ;;
  esac
  base=$backups/$name/redis/base.rdb
  if ! [ -r "$base" ]; then
    echo "restore: $base cannot be read: Redis starts with what it has" >&2
    return 0
  fi
  # Made beside, and moved when it is whole. Killed in between, the next start does it all again.
  rm -rf "$data/appendonlydir.new"
  mkdir "$data/appendonlydir.new"
  cp "$base" "$data/appendonlydir.new/appendonly.aof.1.base.rdb"
  echo 'file appendonly.aof.1.base.rdb seq 1 type b' >"$data/appendonlydir.new/appendonly.aof.manifest"
  if [ -d "$data/appendonlydir" ]; then
    rm -rf "$data/appendonlydir.before-restore"
    mv "$data/appendonlydir" "$data/appendonlydir.before-restore"
  fi
  mv "$data/appendonlydir.new" "$data/appendonlydir"
  cp "$order" "$data/restored"
  sync
  echo "restore: Redis starts with what it held in $name" >&2
)
restore_base
