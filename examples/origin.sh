#!/bin/sh
# The build and the deploy stage of a team, from two registries with accounts to a verified image in production, with one command.
# It is played by a test; what must be set is named below. Any line that fails ends the script: what is not signed, trusted and allowed gets no tag.
set -eu

: "${STAGING:?registry of the build, host[:port]}" "${STAGING_USERNAME:?}" "${STAGING_PASSWORD:?}"
: "${PRODUCTION:?registry of production, host[:port]}" "${PRODUCTION_USERNAME:?}" "${PRODUCTION_PASSWORD:?}"
: "${OUTPUT:?folder for what production pulls}"

# ---- Build: the account is that of the staging registry, by notation's variables.
export NOTATION_USERNAME="$STAGING_USERNAME" NOTATION_PASSWORD="$STAGING_PASSWORD"

# What was built has a name of its own first. From its digest on, no line depends on where a tag points.
notarykit push --artifact-type application/vnd.wabbit.net-monitor "$STAGING/net-monitor:build" net-monitor.bin
IMAGE=$(notarykit resolve --full-reference "$STAGING/net-monitor:build")

notarykit sign "$IMAGE"
notarykit sign --file sbom.json:application/json --subject "$IMAGE" --artifact-type sbom/example
notarykit sign -u "$NOTATION_USERNAME" -p "$NOTATION_PASSWORD" --file scan-results.json --subject "$IMAGE"
notarykit discover "$IMAGE"
notarykit tag-update "$IMAGE" v1

# ---- Deploy: only what the trust policy trusts and the deployment policy allows is copied, with all that refers to it.
notarykit verify "$IMAGE"
notarykit gate --gate-policy gate.yaml "$IMAGE"
unset NOTATION_USERNAME NOTATION_PASSWORD

printf '%s' "$PRODUCTION_PASSWORD" | notarykit copy -r --verify \
  --from-username "$STAGING_USERNAME" --from-password "$STAGING_PASSWORD" \
  --to-username "$PRODUCTION_USERNAME" --to-password-stdin \
  "$IMAGE" "$PRODUCTION/net-monitor:v1"

# ---- Production: its account, its trust, and the same digest.
export NOTATION_USERNAME="$PRODUCTION_USERNAME" NOTATION_PASSWORD="$PRODUCTION_PASSWORD"
DIGEST=${IMAGE#*@}
notarykit verify "$PRODUCTION/net-monitor@$DIGEST"
notarykit tag-update "$PRODUCTION/net-monitor@$DIGEST" stable
notarykit pull --output "$OUTPUT" "$PRODUCTION/net-monitor@$DIGEST"
