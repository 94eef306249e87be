// Runs a story: a test with a server of its own and people with browsers, which also fails on errors that it did not expect.
//
//   import { story } from '../harness.mjs';
//
//   story('a customer reads the public page without JavaScript', { demo: true }, async ({ page, axe }) => {
//     const customer = await page({ width: 390, javaScriptEnabled: false });
//     await customer.goto('/p/prairie-stop');
//     await axe(customer);
//   });
//
// A story fails on an error in a console, a violation of the Content-Security-Policy, a request that failed or was
// answered 4xx or 5xx without `expect`, a panic in the server, or a server that does not stop on SIGTERM.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { device, launch } from './browser.mjs';
import { Server } from './server.mjs';

const out = join(import.meta.dirname, 'out');

const STORY_TIMEOUT = 300_000;

/** The options of the browser contexts without JavaScript. */
const scriptlessContexts = new WeakMap();

let sharedBrowser;
const browser = () => (sharedBrowser ??= launch());
after(async () => (await sharedBrowser)?.close());

/** Registers a story. Options: `demo`, `named`, `env` for the server, and those of node:test. */
export function story(name, ...rest) {
  const body = rest.pop();
  const { demo, named, env, ...options } = rest.pop() ?? {};
  test(name, { timeout: STORY_TIMEOUT, ...options }, async (t) => {
    const run = new StoryRun(await Server.start({ demo, named, env }), await browser());
    try {
      await body(run.tools(), t);
    } catch (error) {
      await run.takeScreenshots(name);
      error.message += run.report();
      throw error;
    } finally {
      await run.close();
    }
    if (run.faults.length > 0) assert.fail(`unexpected errors:${list(run.faults)}`);
  });
}

const list = (lines) => lines.map((line) => `\n  - ${line}`).join('');

class StoryRun {
  contexts = [];
  faults = [];
  expected = [];

  constructor(server, browser) {
    this.server = server;
    this.browser = browser;
  }

  tools() {
    return {
      server: this.server,
      browser: this.browser,
      page: (options) => this.page(options),
      expect: (expected) => this.expected.push(expected),
      axe,
      screenshot,
    };
  }

  /** A page for a new person, with cookies and storage of their own. Takes every option of a Playwright context, and `width`. */
  async page({ width = 1280, ...others } = {}) {
    const options = { baseURL: this.server.url, locale: 'en-GB', ...device(width), ...others };
    const context = await this.browser.newContext(options);
    if (options.javaScriptEnabled === false) scriptlessContexts.set(context, options);
    context.setDefaultTimeout(15_000);
    this.contexts.push(context);
    this.watch(context);
    return context.newPage();
  }

  watch(context) {
    const fault = (what) => this.faults.push(what);
    context.on('console', (message) => {
      // Chromium logs every error status. The responses themselves are checked below.
      if (/^Failed to load resource/.test(message.text())) return;
      if (message.type() === 'error') fault(`console: ${message.text()} (${message.location().url})`);
    });
    context.on('weberror', (event) => fault(`exception: ${event.error().stack ?? event.error()}`));
    context.on('response', (response) => {
      if (response.status() >= 400 && !this.isExpected(response.status(), response.url())) {
        fault(`${response.status()} ${response.request().method()} ${response.url()}`);
      }
    });
    context.on('requestfailed', (request) => {
      const reason = request.failure()?.errorText;
      // Leaving a page aborts its requests; so does starting a download.
      if (reason !== 'net::ERR_ABORTED' && !this.isExpected(reason, request.url())) {
        fault(`${reason} ${request.method()} ${request.url()}`);
      }
    });
  }

  /** `expect({ status: 422, path: '/sign-in' })`, or with `failure: 'net::ERR_INTERNET_DISCONNECTED'`. */
  isExpected(outcome, url) {
    const path = new URL(url).pathname;
    return this.expected.some(
      (known) => (known.status ?? known.failure) === outcome && (known.path === undefined || known.path === path),
    );
  }

  /** Screenshots of every open page, when the story has failed. */
  async takeScreenshots(name) {
    const pages = this.contexts.flatMap((context) => context.pages());
    for (const [index, page] of pages.entries()) {
      await screenshot(page, `failed ${name} ${index + 1}`).catch(() => {});
    }
  }

  report() {
    return `\nerrors on the way:${list(this.faults) || ' nothing'}\nthe server's last lines:\n${this.server.tail()}`;
  }

  async close() {
    for (const context of this.contexts) await context.close();
    this.faults.push(...(await this.server.stop()));
  }
}

/** Fails on a serious or critical finding of axe in the page as it is now. */
export async function axe(page) {
  const options = scriptlessContexts.get(page.context());
  const shown = options ? await copyWithScripts(page, options) : page;
  const { violations } = await new AxeBuilder({ page: shown }).analyze();
  if (shown !== page) await shown.context().close();
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  const findings = serious.map(({ id, help, nodes }) => {
    const where = nodes.slice(0, 5).map((node) => `\n    ${node.target.join(' ')}: ${node.failureSummary}`);
    return `${id}: ${help}${where.join('')}`;
  });
  if (findings.length > 0) assert.fail(`axe on ${page.url()}:${list(findings)}`);
}

/**
 * axe needs timers, which do not run without JavaScript. For a page without JavaScript it gets a copy in which axe may run
 * and the scripts of the page may not.
 */
async function copyWithScripts(page, options) {
  const context = await page.context().browser().newContext({ ...options, javaScriptEnabled: true });
  await context.addCookies(await page.context().cookies());
  const address = page.url().split('#')[0];
  const body = (await page.content()).replace(/<\/?noscript[^>]*>/g, '');
  const headers = { 'content-security-policy': "script-src 'none'" };
  await context.route(
    (url) => url.href === address,
    (route) => route.fulfill({ contentType: 'text/html; charset=utf-8', headers, body }),
  );
  const copied = await context.newPage();
  await copied.goto(address);
  return copied;
}

/** Saves a screenshot of the whole page in end2end/out. */
export async function screenshot(page, name) {
  await mkdir(out, { recursive: true });
  const file = join(out, `${name.replace(/[^\p{L}\p{N}]+/gu, '-').toLowerCase()}.png`);
  await page.screenshot({ path: file, fullPage: true });
  return file;
}
