#!/bin/sh
# Draws the passwords of PostgreSQL and Redis and writes them, with the addresses that contain them, to
# docker/secrets/. What is there already stays.
set -eu
umask 022
folder=$(cd "$(dirname "$0")" && pwd)/secrets
mkdir -p "$folder"
chmod 700 "$folder" # the containers' user reads the files; on the host only their owner gets to them
draw() { od -An -N24 -tx1 /dev/urandom | tr -d ' \n'; }
keep() { [ -e "$folder/$1" ] || printf %s "$2" > "$folder/$1"; }
keep postgres_password "$(draw)"
keep redis_password "$(draw)"
keep database_url "postgresql+psycopg://grader:$(cat "$folder/postgres_password")@postgres/grader"
keep redis_url "redis://:$(cat "$folder/redis_password")@redis:6379/0"
echo "The secrets are in $folder."
