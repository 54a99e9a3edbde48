# Stands in for Docker's redis image: Debian's Redis, a user "redis" who owns /data.
FROM debian:bookworm-slim
RUN groupadd --system --gid 999 redis && useradd --system --uid 999 --gid redis redis \
  && apt-get update && apt-get install -y --no-install-recommends redis-server \
  && rm -rf /var/lib/apt/lists/* \
  && install -d -o redis -g redis /data
VOLUME /data
WORKDIR /data
USER redis
CMD ["redis-server"]
