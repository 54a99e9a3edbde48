import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { mapLimited } from '../lib/snapshot.ts';
import { startSite, type TestSite } from '../testing/site.ts';

const executablePath = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';
const skip = existsSync(executablePath)
  ? false
  : `no browser: ${executablePath} does not exist (CHROMIUM_PATH names another)`;

const args = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const paths = [
  '/',
  '/trends/trend-0001/',
  '/trends/trend-0005/',
  '/search/',
  '/search/?q=water',
  '/search/?q=watr+e&sort=recent&language=fr',
  '/search/?q=unbreakable&collapse=false',
  '/search/?like=trend-0001-h1',
  '/search/?q=zzzz',
  '/runs/',
  '/runs/batch-0009/',
  '/runs/batch-0006/',
  '/feeds/',
];

/** Runs before the page's own scripts: adds up layout shifts that no input explains. */
const watchShifts = `window.shifts = 0; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifts += entry.value;
}).observe({ type: 'layout-shift', buffered: true });`;

describe('in a browser', { skip }, () => {
  let site: TestSite;
  let browser: Browser;
  before(async () => {
    site = await startSite({ trends: 40 });
    await site.server.swap(await site.build());
    browser = await chromium.launch({ executablePath, args });
  });
  after(async () => {
    await browser.close();
    await site.close();
  });

  /** Opens a page in a context of its own, collects what it complains of, and closes it. */
  async function visit(path: string, options: BrowserContextOptions, look: (page: Page) => Promise<void>) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(site.url)) complaints.push(`asked ${request.url()}`);
    });
    await page.addInitScript(watchShifts);
    await page.goto(site.url + path, { waitUntil: 'networkidle' });
    await look(page);
    await context.close();
    assert.deepEqual(complaints, [], path);
  }

  for (const width of [360, 768, 1440]) {
    test(`${width} px: nothing complains, shifts, overflows or runs that should not`, async () => {
      await mapLimited(paths, 4, (path) =>
        visit(path, { viewport: { width, height: 800 } }, async (page) => {
          const seen = await page.evaluate<{ overflow: number; shifts: number; pwned: boolean }>(
            '({ overflow: document.documentElement.scrollWidth - innerWidth, shifts: window.shifts, pwned: "__pwned" in window })',
          );
          assert.ok(seen.overflow <= 0, `${path} is ${seen.overflow} px too wide`);
          assert.ok(seen.shifts < 0.02, `${path} shifts by ${seen.shifts}`);
          assert.equal(seen.pwned, false, path);
        }),
      );
    });
  }

  test('fonts that come late move nothing', async () => {
    for (const path of ['/', '/trends/trend-0001/', '/runs/']) {
      await visit(path, { viewport: { width: 390, height: 844 } }, async (page) => {
        await page.route('**/*.woff2', (route) => setTimeout(() => void route.continue(), 500));
        await page.reload({ waitUntil: 'networkidle' });
        const shifts = await page.evaluate<number>('window.shifts');
        assert.ok(shifts < 0.02, `${path} shifts by ${shifts}`);
      });
    }
  });

  test('the keyboard: skip link first, then on to the first story', async () => {
    await visit('/', { viewport: { width: 1280, height: 800 } }, async (page) => {
      const focused = () => page.evaluate<string>('document.activeElement.textContent.trim()');
      await page.keyboard.press('Tab');
      assert.equal(await focused(), 'Skip to the news');
      await page.keyboard.press('Enter');
      await page.keyboard.press('Tab');
      assert.match(await focused(), /^Valmorin reservoir/);
      const outline = await page.evaluate<string>('getComputedStyle(document.activeElement).outlineStyle');
      assert.equal(outline, 'solid', 'focus can be seen');
      await page.keyboard.press('Enter');
      await page.waitForURL('**/trends/trend-0001/');
    });
  });

  test('the island replaces its fallback', async () => {
    await visit('/', {}, async (page) => {
      assert.match((await page.textContent('.last-run')) ?? '', /412 new headlines, complete/);
    });
  });

  test('search answers as one types, and the address follows', async () => {
    await visit('/search/', {}, async (page) => {
      await page.locator('input[name=q]').pressSequentially('water', { delay: 20 });
      await page.locator('#results .headlines').getByText('Valmorin reservoir').first().waitFor();
      await page.waitForURL('**/search/?q=water');
      await page.locator('select[name=language]').selectOption('fr');
      await page.locator('#results').getByText('Le lac de Valmorin').first().waitFor();
      await page.locator('input[name=q]').fill('zzzz');
      await page.locator('#results').getByText('No headline comes close').waitFor();
      assert.equal(await page.title(), 'zzzz – search – AFK');
      const feed = await page.getAttribute('link[rel=alternate]', 'href');
      assert.equal(feed, '/api/v1/search.rss?q=zzzz&language=fr');
    });
  });

  test('suggestions: a list under the field, chosen by the arrows, taken by Enter', async () => {
    await visit('/search/', {}, async (page) => {
      const field = page.getByRole('combobox', { name: 'Words, or what it is about' });
      const list = page.getByRole('listbox', { name: 'Suggestions' });
      await field.pressSequentially('rain res', { delay: 20 });
      await list.getByRole('option', { name: /rain restoration/ }).waitFor();
      assert.equal(await field.getAttribute('aria-expanded'), 'true');
      for (const key of ['ArrowUp', 'ArrowDown', 'ArrowDown', 'ArrowDown']) await page.keyboard.press(key);
      const chosen = list.locator('[aria-selected=true]');
      assert.match((await chosen.textContent()) ?? '', /^rain restrictions/);
      assert.equal(await field.getAttribute('aria-activedescendant'), await chosen.getAttribute('id'));
      await page.keyboard.press('Enter');
      assert.equal(await field.inputValue(), 'rain restrictions');
      await page.waitForURL('**/search/?q=rain+restrictions');
      assert.equal(await list.isVisible(), false);
    });
  });

  test('suggestions: Escape closes them and leaves what was typed; a click takes one', async () => {
    await visit('/search/', {}, async (page) => {
      const field = page.locator('#q');
      const option = page.getByRole('option', { name: /reservoir/ }).first();
      await field.pressSequentially('rese', { delay: 20 });
      await option.waitFor();
      await page.keyboard.press('Escape');
      assert.equal(await field.inputValue(), 'rese');
      assert.equal(await option.isVisible(), false);
      await field.pressSequentially('r');
      await option.click();
      assert.equal(await field.inputValue(), 'reservoir');
      await page.waitForURL('**/search/?q=reservoir');
    });
  });

  test('without JavaScript: reading, following a story, searching', async () => {
    await visit('/', { javaScriptEnabled: false }, async (page) => {
      assert.ok(await page.locator('.last-run a').isVisible(), 'the fallback of the island leads on');
      await page.locator('.lead h2 a').click();
      await page.waitForURL('**/trends/trend-0001/');
      await page.getByRole('link', { name: 'Search' }).first().click();
      await page.locator('input[name=q]').fill('water');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.waitForURL('**/search/?q=water&category=&language=');
      assert.ok(await page.locator('#results .headlines li').first().isVisible());
    });
  });

  test('how a trend went is unfolded without JavaScript, by the keyboard', async () => {
    const options = { javaScriptEnabled: false, viewport: { width: 360, height: 800 } };
    await visit('/trends/trend-0001/', options, async (page) => {
      const section = page.getByRole('region', { name: 'How it went' });
      const oldest = section.getByText('Came out of');
      assert.ok(await section.getByText('Grew to 41 headlines').isVisible());
      assert.equal(await oldest.isVisible(), false);
      await section.getByText('4 earlier events').focus();
      await page.keyboard.press('Enter');
      assert.ok(await oldest.isVisible());
      await oldest.getByRole('link').click();
      await page.waitForURL('**/trends/trend-0004/');
    });
  });

  test('a run that is under way is followed to its end', async () => {
    const batch = site.api.data.batches[0];
    assert.ok(batch);
    const { status, finished_at, stages } = batch;
    Object.assign(batch, { status: 'running', finished_at: null, stages: stages.slice(0, 2) });
    await visit('/runs/batch-0009/', {}, async (page) => {
      assert.equal(await page.locator('.fall > li').count(), 2);
      Object.assign(batch, { status, finished_at, stages });
      await page.locator('.fall > li').nth(6).waitFor();
      await page.getByText('Complete', { exact: true }).waitFor();
    });
  });
});
