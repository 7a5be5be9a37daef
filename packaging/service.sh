#!/bin/sh
# Starts plenaryd alone, with its data in build/service. The first time, init
# makes the service id, the key and the first administrator.
set -eu
data=build/service
[ -d "$data" ] || build/plenaryd init --data "$data"
exec build/plenaryd serve --data "$data" --listen "${LISTEN:-127.0.0.1:8080}"
