# The command in an image of its own: Debian 12, no compiler, no root.
#
#   docker build -t recount .
#   docker run --rm -v "$PWD/data:/data" --user "$(id -u)" recount status --data /data
FROM swift:6.2-bookworm AS build
WORKDIR /source
COPY Tools/setup Tools/setup
RUN Tools/setup
# The manifest names the folders of tests and tools too, so the whole tree is needed.
COPY . .
RUN swift build -c release --product recount --static-swift-stdlib \
    && mkdir /result \
    && cp "$(swift build -c release --product recount --static-swift-stdlib --show-bin-path)/recount" /result \
    && strip /result/recount

FROM debian:bookworm-slim
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        libjs-dygraphs liblmdb0 libsqlite3-0 libssl3 libxgboost0 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin recount \
    && install -d -o recount /data
COPY --from=build /result/recount /usr/local/bin/recount
USER recount
VOLUME /data
WORKDIR /data
ENTRYPOINT ["recount"]
CMD ["--help"]
