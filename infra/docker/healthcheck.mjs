// node healthcheck.mjs URL: exit code 0 where it answers 2xx in time, else 1 with the answer (Docker keeps
// it in `docker inspect`). The images have no curl.
const [url] = process.argv.slice(2);
try {
  const response = await fetch(url, { signal: AbortSignal.timeout(4000) });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
} catch (error) {
  process.stderr.write(`${url}: ${error.message}\n`);
  process.exitCode = 1;
}
