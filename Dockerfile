# Both commands in an image of their own: Debian 12, no compiler, no root.
#
#   docker build -t recount .
#   docker run --rm -v "$PWD/data:/data" --user "$(id -u)" recount status --data /data
#   docker run --rm -v "$PWD/data:/data" --user "$(id -u)" --entrypoint recountd recount run --data /data
FROM swift:6.2-bookworm AS build
WORKDIR /source
COPY Tools/setup Tools/setup
RUN Tools/setup
# The manifest names the folders of tests and tools too, so the whole tree is needed.
COPY . .
RUN swift build -c release --product recount --static-swift-stdlib \
    && swift build -c release --product recountd --static-swift-stdlib \
    && mkdir /result \
    && folder="$(swift build -c release --product recount --static-swift-stdlib --show-bin-path)" \
    && cp "$folder/recount" "$folder/recountd" /result \
    && strip /result/recount /result/recountd

FROM debian:bookworm-slim
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends \
        libjs-dygraphs liblmdb0 libsqlite3-0 libssl3 libxgboost0 zlib1g \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin recount \
    && install -d -o recount /data
COPY --from=build /result/recount /result/recountd /usr/local/bin/
USER recount
VOLUME /data
WORKDIR /data
ENTRYPOINT ["recount"]
CMD ["--help"]
