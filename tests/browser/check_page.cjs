// Opens a page from disk as its readers do and prints what is wrong with it, one line each; exit code 0 when nothing is.
//   node check_page.cjs PAGE.html [FOLDER FOR SCREENSHOTS]
// Needs playwright-core (NODE_PATH) and Debian's chromium (CHROMIUM, else /usr/bin/chromium).
const path = require('path');
const { pathToFileURL } = require('url');
const { chromium } = require('playwright-core');

const sizes = [{ name: 'desktop', width: 1280, height: 900 }, { name: 'phone', width: 390, height: 844 }];
const leastContrast = 4.5;

// Runs in the page: every piece of text that is seen, with its contrast to what is behind it.
function faintTexts(least) {
  const parse = (text) => {
    const numbers = (text.match(/[\d.]+/g) || []).map(Number);
    return numbers.length < 3 ? [0, 0, 0, 0] : [numbers[0], numbers[1], numbers[2], numbers.length > 3 ? numbers[3] : 1];
  };
  const over = (front, back) => front.slice(0, 3).map((c, i) => c * front[3] + back[i] * (1 - front[3]));
  const light = (rgb) => {
    const linear = rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
  };
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  // The box that a text of a drawing stands in is painted before it, in the same group.
  const boxBehind = (text) => {
    for (let node = text.parentElement; node && node.tagName !== 'svg'; node = node.parentElement) {
      const shape = node.querySelector(':scope > path, :scope > polygon, :scope > a > path, :scope > a > polygon');
      if (shape && getComputedStyle(shape).fill !== 'none' && !node.classList.contains('edge')) return getComputedStyle(shape).fill;
    }
    return null;
  };
  const background = (element) => {
    const layers = [];
    if (element.closest('svg') && boxBehind(element)) layers.push(parse(boxBehind(element)));
    for (let node = element; node; node = node.parentElement) layers.push(parse(getComputedStyle(node).backgroundColor));
    const canvas = matchMedia('(prefers-color-scheme: dark)').matches ? [18, 18, 18] : [255, 255, 255];
    return layers.reduceRight((back, layer) => over(layer, back), canvas);
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const element = node.parentElement;
    if (!node.data.trim() || element.closest('style, title, .skip') || !element.getClientRects().length) continue;
    const style = getComputedStyle(element);
    if (style.visibility === 'hidden') continue;
    ++texts;
    const behind = background(element);
    const ink = over(parse(element.closest('svg') ? style.fill : style.color), behind);
    const ratio = contrast(ink, behind);
    if (ratio < least) found.push(`"${node.data.trim().slice(0, 40)}" has a contrast of ${ratio.toFixed(2)}`);
  }
  return { texts, found };
}

// Runs in the page: what a screen reader and a keyboard need.
function hardToUse() {
  const wrong = [];
  const need = (selector, what) => document.querySelector(selector) || wrong.push(`there is no ${what}`);
  need('html[lang]', 'language');
  need('main', 'main landmark');
  need('header', 'header');
  need('nav[aria-label]', 'named navigation');
  if (document.querySelectorAll('h1').length !== 1) wrong.push('there is not one h1');
  let level = 1;
  for (const heading of document.querySelectorAll('h1, h2, h3, h4')) {
    const next = Number(heading.tagName[1]);
    if (next > level + 1) wrong.push(`heading "${heading.textContent}" skips a level`);
    level = next;
  }
  for (const image of document.images) {
    if (!image.alt) wrong.push('a picture has no alt text');
    if (!image.complete || !image.naturalWidth) wrong.push(`a picture is not shown: ${image.alt}`);
  }
  for (const svg of document.querySelectorAll('body svg')) if (svg.getAttribute('role') !== 'img' || !svg.querySelector('title')) wrong.push('a drawing has no name');
  for (const table of document.querySelectorAll('table')) {
    if (!table.caption) wrong.push('a table has no caption');
    if ([...table.querySelectorAll('th')].some((th) => !th.scope)) wrong.push('a table header has no scope');
    if (!table.querySelector('th')) wrong.push('a table has no headers');
  }
  for (const scroller of document.querySelectorAll('.scroll')) if (scroller.tabIndex !== 0 || !scroller.getAttribute('aria-label')) wrong.push('a part that scrolls cannot be reached');
  for (const link of document.querySelectorAll('a[href^="#"]')) if (!document.getElementById(link.hash.slice(1))) wrong.push(`the link ${link.hash} leads nowhere`);
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`the id ${id} is used twice`);
  return wrong;
}

async function check(browser, page, size, scheme, screenshots) {
  const wrong = [];
  const where = `${size.name}, ${scheme}: `;
  const context = await browser.newContext({ viewport: { width: size.width, height: size.height }, colorScheme: scheme });
  const tab = await context.newPage();
  tab.on('console', (message) => ['error', 'warning'].includes(message.type()) && wrong.push(`console: ${message.text()}`));
  tab.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  tab.on('dialog', (dialog) => { wrong.push(`a dialog opened: ${dialog.message()}`); dialog.dismiss(); });
  tab.on('request', (request) => /^(file|data):/.test(request.url()) || wrong.push(`asks the network for ${request.url()}`));
  let files = 0;
  tab.on('request', (request) => { if (request.url().startsWith('file:') && ++files > 1) wrong.push(`asks for ${request.url()}`); });
  await tab.goto(pathToFileURL(path.resolve(page)).href);
  for (const folded of await tab.$$('details')) await folded.evaluate((element) => { element.open = true; });
  const [wide, seen] = await tab.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  if (wide > seen) wrong.push(`the page is ${wide} pixels wide on a screen of ${seen}`);
  const { texts, found } = await tab.evaluate(faintTexts, leastContrast);
  if (texts < 20) wrong.push(`only ${texts} texts are seen`);
  wrong.push(...found, ...await tab.evaluate(hardToUse));
  await tab.keyboard.press('Tab');
  if (await tab.evaluate(() => document.activeElement.className) !== 'skip') wrong.push('the first stop of the Tab key is not the link to the content');
  await tab.evaluate(() => document.activeElement.blur());
  if (screenshots) await tab.screenshot({ path: path.join(screenshots, `${size.name}-${scheme}.png`), fullPage: true });
  await context.close();
  return wrong.map((text) => where + text);
}

async function main() {
  const [page, screenshots] = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  const wrong = [];
  for (const size of sizes) for (const scheme of ['light', 'dark']) wrong.push(...await check(browser, page, size, scheme, screenshots));
  await browser.close();
  wrong.forEach((text) => console.log(text));
  process.exitCode = wrong.length ? 1 : 0;
}

main().catch((error) => { console.log(error.stack); process.exitCode = 2; });
