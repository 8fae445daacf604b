# One image for every role: `serve` alone runs all of them, `serve --role api|worker|scheduler` one.
# Only /var/lib/keyrecall and /tmp are written to, so the root file system may be read-only.

FROM node:20-bookworm-slim AS build
# re2 is compiled where no binary for this platform can be had.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates g++ make python3 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY scripts scripts
COPY detectors detectors
COPY src src
RUN npm run build && npm prune --omit=dev

FROM node:20-bookworm-slim
# git reads histories; the certificates are for git, which does not use those inside Node.
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates git \
  && rm -rf /var/lib/apt/lists/* \
  && install --directory --owner=node --group=node --mode=0700 /var/lib/keyrecall
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY LICENSE ./
ENV NODE_ENV=production \
  KEYRECALL_HOME=/var/lib/keyrecall \
  KEYRECALL_LISTEN=0.0.0.0:8787
# The user `node` by number, so that a cluster can see that it is not root.
USER 1000:1000
# Clones, mode 0700. Nothing in it is missed when it is lost: with DATABASE_URL the service key is given.
VOLUME /var/lib/keyrecall
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8787/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/app/dist/src/main.js"]
CMD ["serve"]
