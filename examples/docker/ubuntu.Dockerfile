# helmfile, helm and the shim on Ubuntu.
FROM ghcr.io/helmfile/helmfile:v1.8.0 AS helmfile

FROM ubuntu:24.04
COPY --from=helmfile /usr/local/bin/helm /usr/local/bin/helmfile /usr/local/bin/
ARG VERSION=0.1.0
# Of that file, from the release's SHA256SUMS.
ARG SHA256
ADD https://github.com/OWNER/helm-verify-shim/releases/download/v${VERSION}/helm-verify-shim-${VERSION}-linux-x64.tar.gz /tmp/shim.tar.gz
RUN echo "${SHA256}  /tmp/shim.tar.gz" | sha256sum -c - \
    && tar -xzf /tmp/shim.tar.gz -C /opt \
    && rm /tmp/shim.tar.gz
ENV PATH=/opt/helm-verify-shim/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
COPY keyring.gpg /etc/helm-verify-shim/keyring.gpg
ENV HELM_VERIFY_SHIM_REQUIRE=1 HELM_VERIFY_SHIM_KEYRING=/etc/helm-verify-shim/keyring.gpg
