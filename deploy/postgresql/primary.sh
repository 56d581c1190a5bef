#!/bin/bash
# Run once, by the image, when the primary's data is made: replicas may connect with the same password.
set -euo pipefail
echo "host replication $POSTGRES_USER all scram-sha-256" >>"$PGDATA/pg_hba.conf"
