# Both commands in an image of their own: Debian 12, no compiler, no root.
#
#   docker build -t recount .
#   docker run --rm -v "$PWD/data:/data" --user "$(id -u)" recount status --data /data
#   docker run --rm -v "$PWD/data:/data" --user "$(id -u)" --entrypoint recountd \
#       recount run --data /data
#
# Several containers over one data folder need one PID namespace: Tools/compose.yaml.
FROM swift:6.2-bookworm AS build
WORKDIR /source
COPY Tools/setup Tools/setup
RUN Tools/setup
# The manifest names the folders of tests and tools too, so the whole tree is needed.
COPY . .
# What a run's manifest names as the program's commit:
#   docker build --build-arg COMMIT="$(git rev-parse --short=12 HEAD)" -t recount .
ARG COMMIT=unknown
# With a broker, webhooks, metrics and health endpoints (the HTTP stack: minutes more):
#   docker build --build-arg NETWORK=1 -t recount .
ARG NETWORK=
# Swift's libraries lie beside the commands, once for both; a command finds them in its own folder.
RUN if [ -n "$NETWORK" ]; then export RECOUNT_NETWORK=1; fi \
    && export RECOUNT_COMMIT="$COMMIT" RECOUNT_SHARED_LIBRARIES=1 \
    && swift build -c release --product recount \
    && swift build -c release --product recountd \
    && folder="$(swift build -c release --show-bin-path)" \
    && mkdir -p /result/recount /result/dygraphs \
    && cp "$folder/recount" "$folder/recountd" /result/recount \
    && ldd /result/recount/recount /result/recount/recountd \
        | awk '$3 ~ /\/swift\/linux\// { print $3 }' | sort -u | xargs cp -L -t /result/recount \
    && strip --strip-unneeded /result/recount/* \
    && cp -L /usr/share/javascript/dygraphs/dygraph.min.js \
        /usr/share/javascript/dygraphs/dygraph.min.css \
        /usr/share/doc/libjs-dygraphs/copyright /result/dygraphs

FROM debian:bookworm-slim
# tzdata: `recount verify --causality` reads dates of New York. ca-certificates: a broker's host.
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        ca-certificates liblmdb0 libsqlite3-0 libssl3 libxgboost0 tzdata zlib1g \
    && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin recount \
    && install -d -o recount /data \
    && ln -s /opt/recount/recount /opt/recount/recountd /usr/local/bin
COPY --from=build /result/recount /opt/recount
COPY --from=build /result/dygraphs /usr/share/javascript/dygraphs
USER recount
VOLUME /data
WORKDIR /data
# Of a container that runs `recountd run` on /data: 69 while no process runs the live run, which is
# so too while its history is rehearsed at the first start.
HEALTHCHECK --interval=30s --timeout=10s --start-period=30m --retries=3 \
    CMD ["sh", "-c", "recountd status --data /data >/dev/null"]
STOPSIGNAL SIGTERM
ENTRYPOINT ["recount"]
CMD ["--help"]
