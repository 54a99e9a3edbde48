# Stands in for Ofelia's image, where neither that nor Go's module can be had: what `npm start` reads the
# same file with, and Docker's own exec behind it.
FROM node:26-bookworm-slim
WORKDIR /usr/local/lib/ofelia
COPY package.json gitconfig.ts schedule.ts command-line.ts ./
COPY ofelia.ts ./engine/images/
COPY croner ./node_modules/croner
RUN printf '#!/bin/sh\nexec node /usr/local/lib/ofelia/engine/images/ofelia.ts "$@"\n' > /usr/local/bin/ofelia \
  && chmod 755 /usr/local/bin/ofelia
ENTRYPOINT ["ofelia"]
