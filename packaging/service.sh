#!/bin/sh
# Starts plenaryd alone, with its data in build/service. The first time, init
# makes the service id, the key, the first administrator, and plenaryd.json last.
set -eu
data=build/service
[ -e "$data/plenaryd.json" ] || build/plenaryd init --data "$data"
exec build/plenaryd serve --data "$data" --listen "${LISTEN:-127.0.0.1:8080}"
