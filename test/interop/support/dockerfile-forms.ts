const braced = (text: string): string => `$\{${text}}`;

/** Dockerfiles as projects write them, one for each habit. */
export const realForms: Readonly<Record<string, string>> = {
  'a static Go program': `# syntax=docker/dockerfile:1
FROM --platform=$BUILDPLATFORM golang:1.24-alpine AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
ARG TARGETOS TARGETARCH
RUN --mount=type=bind,target=. --mount=type=cache,target=/root/.cache/go-build \\
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -o /out/app .

FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /out/app /app
ENTRYPOINT ["/app"]
`,
  'cross compilation with a helper image': `FROM --platform=$BUILDPLATFORM tonistiigi/xx:1.6.1 AS xx
FROM --platform=$BUILDPLATFORM rust:1.82 AS base
COPY --from=xx / /
FROM base AS build
ARG TARGETPLATFORM
RUN xx-cargo build --release
FROM scratch AS binary
COPY --from=build /out/ /
FROM alpine:3.21
COPY --link --from=binary /tool /usr/bin/tool
`,
  'versions in arguments': `ARG NODE_VERSION=22
ARG VARIANT="bookworm-slim"
ARG NGINX_VERSION
FROM node:${braced('NODE_VERSION')}-${braced('VARIANT')} AS deps
FROM node:${braced('NODE_VERSION:-20')} AS build
COPY --from=deps --chown=node:node /app/node_modules /app/node_modules
FROM nginx:${braced('NGINX_VERSION:-1.27')}-alpine
COPY --from=build /app/dist /usr/share/nginx/html
`,
  'a chain of stages with a development target': `FROM python:3.12-slim AS python-base
ENV PATH="/venv/bin:$PATH"
FROM python-base AS builder-base
RUN apt-get update && apt-get install --no-install-recommends -y \\
        curl \\
        # needed for the wheels
        build-essential

FROM python-base AS development
COPY --from=builder-base /venv /venv
FROM python-base AS production
COPY --from=builder-base $PYSETUP_PATH /venv
`,
  'here-documents': `FROM alpine AS a
RUN <<EOF
apk add curl
cat <<INNER
FROM evil.test/not-an-image
INNER
EOF
COPY <<-"CONF" /etc/app.conf
	FROM evil.test/neither
	COPY --from=evil.test/nor-this /a /b
	CONF
FROM busybox:1.37
COPY --from=a /etc/app.conf /etc/
COPY --from=docker.io/library/bash:5 /usr/local/bin/bash /bin/
`,
  'several here-documents in one instruction': `FROM debian:12
RUN <<ONE cat - && <<TWO cat -
FROM evil.test/1
ONE
FROM evil.test/2
TWO
RUN --mount=from=debian:11,target=/old cp /old/etc/os-release /tmp
`,
  'Windows with another escape mark': [
    '# escape=`',
    'FROM mcr.microsoft.com/windows/servercore:ltsc2022 AS core',
    'SHELL ["powershell", "-Command"]',
    'RUN Invoke-WebRequest https://example.test/a.zip -OutFile C:\\a.zip `',
    '    ; Expand-Archive C:\\a.zip -DestinationPath C:\\',
    'FROM mcr.microsoft.com/windows/nanoserver:ltsc2022',
    'COPY --from=core C:\\a C:\\a',
  ].join('\n'),
  'triggers for the stages that build on it': `FROM maven:3 AS onbuild
ONBUILD COPY --from=registry.test/settings:1 /settings.xml /root/.m2/
ONBUILD RUN --mount=type=bind,from=registry.test/cache,target=/cache mvn package
FROM onbuild AS build
FROM eclipse-temurin:21-jre
COPY --from=build /app.jar /
`,
  'digests and registries with ports': `FROM registry.test:5000/base/alpine:3.21@sha256:${'ab'.repeat(32)} AS base
FROM localhost/tool AS tool
FROM base
COPY --from=tool /t /t
COPY --from=1 /t /u
`,
  'bind mounts in every order of fields': `FROM alpine
RUN --mount=from=a.test/one,type=bind,target=/1 --mount=target=/2,FROM=a.test/two,ro \\
    --mount="type=bind,from=a.test/three,target=/3" --mount=type=bind,from=a.test/four,target=/4 true
RUN --mount=type=secret,id=token --mount=type=ssh --mount=type=tmpfs,target=/tmp true
`,
  'long commands with quotes, comments and Windows line ends': [
    'FROM ubuntu:24.04',
    'RUN echo "FROM evil.test/x" \\',
    '  # a note that ends with a mark \\',
    '',
    "  && echo 'a\\' > /b \\",
    '  && true',
    'LABEL description="two \\',
    'lines"',
    'HEALTHCHECK --interval=5m CMD curl -f http://localhost/ || exit 1',
    '',
  ].join('\r\n'),
};
