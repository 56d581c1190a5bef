#!/bin/bash
# A streaming replica: copied from the primary at the first start, then kept up to date.
set -euo pipefail
export PGPASSWORD=$POSTGRES_PASSWORD
data=/var/lib/postgresql/data
if [[ ! -s $data/PG_VERSION ]]; then
    find "$data" -mindepth 1 -delete
    until pg_basebackup --host=primary --username="$POSTGRES_USER" --pgdata="$data" \
        --write-recovery-conf --wal-method=stream; do
        sleep 2
        find "$data" -mindepth 1 -delete
    done
    chown -R postgres:postgres "$data"
    chmod 700 "$data"
fi
exec gosu postgres postgres -c hot_standby=on
