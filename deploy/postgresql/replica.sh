#!/bin/bash
# A streaming replica: copied from the primary at the first start, then kept up to date.
set -euo pipefail
export PGPASSWORD=$POSTGRES_PASSWORD
volume=/var/lib/postgresql/data
copy=$volume/copy
data=$volume/whole # has this name only when all of it is there
if [[ ! -d $data ]]; then
    until find "$volume" -mindepth 1 -delete &&
        pg_basebackup --host=primary --username="$POSTGRES_USER" --pgdata="$copy" \
            --write-recovery-conf --wal-method=stream --checkpoint=fast; do
        sleep 2
    done
    chown -R postgres:postgres "$volume"
    chmod 700 "$copy"
    mv "$copy" "$data"
fi
exec gosu postgres postgres -D "$data" -c hot_standby=on
