# Alpine with Node: the tarball without a Node of its own, 0.2 MB instead of 45. Alpine 3.22 has Node 22.
FROM ghcr.io/helmfile/helmfile:v1.8.0 AS helmfile

FROM alpine:3.22
RUN apk add --no-cache nodejs
COPY --from=helmfile /usr/local/bin/helm /usr/local/bin/helmfile /usr/local/bin/
ARG VERSION=0.1.0
# Of that file, from the release's SHA256SUMS.
ARG SHA256
ADD https://github.com/OWNER/helm-verify-shim/releases/download/v${VERSION}/helm-verify-shim-${VERSION}.tar.gz /tmp/shim.tar.gz
RUN echo "${SHA256}  /tmp/shim.tar.gz" | sha256sum -c - \
    && tar -xzf /tmp/shim.tar.gz -C /opt \
    && rm /tmp/shim.tar.gz
ENV PATH=/opt/helm-verify-shim/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY keyring.gpg /etc/helm-verify-shim/keyring.gpg
ENV HELM_VERIFY_SHIM_REQUIRE=1 HELM_VERIFY_SHIM_KEYRING=/etc/helm-verify-shim/keyring.gpg
