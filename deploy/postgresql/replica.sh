#!/bin/bash
# A streaming replica: copied from the primary at the first start, then kept up to date.
set -euo pipefail
export PGPASSWORD=$POSTGRES_PASSWORD
volume=/var/lib/postgresql/data
copy=$volume/copy
data=$volume/whole # has this name only when all of it is there
if [[ -s $volume/PG_VERSION ]]; then
    data=$volume # as an earlier version of this file left it
elif [[ ! -d $data ]]; then
    until rm -rf "$copy" &&
        pg_basebackup --host=primary --username="$POSTGRES_USER" --pgdata="$copy" \
            --write-recovery-conf --wal-method=stream --checkpoint=fast; do
        sleep 2
    done
    chown -R postgres:postgres "$volume"
    chmod 700 "$copy"
    mv "$copy" "$data"
fi
exec gosu postgres postgres -D "$data" -c hot_standby=on
