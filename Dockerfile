# One image a Node service:  docker build --build-arg SERVICE=extractor .
# Another workspace, such as the `afk` command:  docker build --build-arg WORKSPACE=packages/cli .
#
# Nothing is compiled: Node runs the TypeScript. That holds for the front too: what it builds is the
# site, after each run of the line, so its image carries Astro and is otherwise like the rest.
#
# No `turbo prune`: it keeps what only tests need (@afk/local brings a PostgreSQL, 60 MB) and leaves out
# tsconfig.base.json. npm installs the closure of one workspace once devDependencies are out of the way.
# No RUN --mount either: docker-compose 1.29 has a builder that does not know it.

# The manifests alone: their layer, unlike the sources', stays the same from one edit to the next.
FROM node:26-bookworm-slim AS manifests
WORKDIR /src
COPY . .
RUN node infra/docker/manifests.mjs /manifests

# What any service needs, into npm's cache: the next service's image is built without the network.
FROM node:26-bookworm-slim AS packages
WORKDIR /app
COPY --from=manifests /manifests ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --workspace packages/cli \
       $(printf -- '--workspace services/%s ' $(ls services)) \
  && rm -rf node_modules

FROM packages AS service
ARG SERVICE
ARG WORKSPACE=services/$SERVICE
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund --prefer-offline --workspace "$WORKSPACE"
COPY . /src
# Workspace packages stay symlinks: Node strips no types below node_modules. Those that npm linked are the
# closure; of the others not even the manifest is kept.
RUN mkdir /out \
  && cp package.json /src/pipeline.json /src/tsconfig.base.json /out/ \
  && for link in node_modules/@afk/*; do \
       dir=$(realpath --relative-to=. "$link") \
       && mkdir -p "/out/$dir" && cp -a "/src/$dir/." "$dir/." "/out/$dir/" || exit 1; \
     done \
  && mkdir -p /out/infra/docker && cp /src/infra/docker/healthcheck.sh /src/infra/docker/preflight.mjs /out/infra/docker/ \
  && mv node_modules /out/
# What the onnx encoders need, pinned by a lock file of its own and wanted by few: with --build-arg ONNX=1.
ARG ONNX
RUN if [ -n "$ONNX" ]; then \
      npm ci --omit=dev --ignore-scripts --no-audit --no-fund --prefix /out/packages/encoders/onnx-runtime; \
    fi

FROM node:26-bookworm-slim
ARG SERVICE
ARG WORKSPACE=services/$SERVICE
# Ten small processes on a small machine: fewer heaps of malloc's, smaller halves of V8's young generation.
# In a container "all interfaces" means its own networks; compose.yml decides what the host publishes.
ENV WORKSPACE=$WORKSPACE \
    NODE_ENV=production \
    MALLOC_ARENA_MAX=2 \
    NODE_OPTIONS=--max-semi-space-size=4 \
    PIPELINE_FILE=/app/pipeline.json \
    HEALTH_HOST=0.0.0.0 HEALTH_PORT=8080 \
    API_HOST=0.0.0.0 API_PORT=3000 \
    FRONT_HOST=0.0.0.0 FRONT_PORT=4321 \
    SITE_DIR=/data/site
# A named volume takes over the owner of the folder that it covers.
RUN install -d -o node -g node /data /backups
WORKDIR /app
COPY --from=service /out ./
USER node
# The shell only fills in the name; exec leaves Node as the process that hears SIGTERM.
CMD ["sh", "-c", "exec node $WORKSPACE/src/main.ts"]
