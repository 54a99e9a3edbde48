/** Seconds after which the page asks again. */
export const retrySeconds = 5;

/** What visitors see until there is a first build: stands alone, needs no script, font or style file. */
export const waitingPage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="${retrySeconds}">
<meta name="color-scheme" content="dark light">
<title>AFK – the first run is under way</title>
<style>
  body { box-sizing: border-box; margin: 0; min-height: 100vh; display: grid; place-content: center; padding: 1.5rem;
    font: 1.125rem/1.6 Georgia, "Times New Roman", serif; background: #faf8f4; color: #1c1a17; }
  main { max-width: 34rem; border-top: 3px solid; padding-top: 1.25rem; }
  .name { margin: 0 0 0.5rem; font-size: 2.25rem; line-height: 1; font-weight: 700; letter-spacing: -0.035em; }
  h1 { font-size: clamp(1.75rem, 6vw, 2.5rem); line-height: 1.15; font-weight: 500; margin: 0 0 1rem; text-wrap: balance; }
  p { margin: 0 0 1rem; }
  .small { font-size: 0.9375rem; color: #625d56; }
  code { font-size: 0.875em; }
  @media (prefers-color-scheme: dark) { body { background: #131211; color: #ece7df; } .small { color: #a39c91; } }
</style>
<p class="name">AFK</p>
<main>
  <h1>The first run is under way</h1>
  <p>AFK is reading the feeds, finding the stories in them and setting the front page.
  That takes about a minute the first time.</p>
  <p>This page looks again every ${retrySeconds} seconds by itself.</p>
  <p class="small">Still here after a few minutes? Then something stopped the run: <code>npm run afk -- dlq list</code>
  says what could not be handled, and the logs of the services why.</p>
</main>
</html>
`;
