# Built from a clone: docker build -t alicloud-ssl-vpn-mcp .
FROM node:24-slim AS build
WORKDIR /src
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build && rm dist/demo.js

FROM gcr.io/distroless/nodejs24-debian12:nonroot
COPY --from=build /src/dist /app/dist
COPY --from=build /src/LICENSE /src/package.json /app/
# Saved files go where the caller mounts a folder: docker run -i -v "$HOME/ssl-vpn-configs:/configs" …
ENV SSL_VPN_MCP_OUTPUT_DIR=/configs
USER nonroot
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/main.cjs"]
