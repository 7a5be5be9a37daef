#!/bin/sh
# Builds the container image of plenaryd, without network: package-image.sh FOLDER
#
# The result is for `podman load` and `docker load`. In Docker's format, since
# the other one has no place for a health check.
set -eu
out=$1
version=$(sh packaging/version.sh)
name=plenaryd-$version-image-$(go env GOARCH).tar
sh packaging/build-plenaryd.sh
context=build/stage/image
rm -rf "$context"
mkdir -p "$context/data" "$out"
chmod 700 "$context/data"
cp build/stage/plenaryd/plenaryd LICENSE "$context"
go run ./packaging/notices build/stage/plenaryd/plenaryd packaging/notices/certificates.txt >"$context/THIRD-PARTY-NOTICES.txt"
cp /etc/ssl/certs/ca-certificates.crt "$context"
rm -f "$out/$name" "$out/$name.gz"

# Its own store of images, which goes when it ends: nothing of whoever builds is
# touched. chroot and vfs work where there is neither a container nor overlayfs.
store=$(mktemp -d)
export BUILDAH_ISOLATION=chroot STORAGE_DRIVER=vfs
buildah() { command buildah --root "$store/root" --runroot "$store/run" "$@"; }
trap 'buildah unmount --all >/dev/null 2>&1 || true; rm -rf "$store"' EXIT
tag=localhost/plenaryd:$(echo "$version" | tr + -)
buildah build --quiet --network=none --format docker --timestamp "$SOURCE_DATE_EPOCH" \
	--label org.opencontainers.image.title=plenaryd --label "org.opencontainers.image.version=$version" \
	--file packaging/plenaryd/Containerfile --tag "$tag" "$context" >"$store/id"
buildah push --quiet "$tag" "docker-archive:$out/$name"
gzip -9n "$out/$name"
rm -rf "$context"
