// Uses the page of `linnet serve` as its people do and prints what is wrong with it, one line each; exit code 0 when
// nothing is.
//   node check_serve.cjs URL FOLDER GUARDED-URL [FOLDER FOR SCREENSHOTS]
// At URL are the models "colours" and "more", which take pictures, and "table", which takes a form (tests/web/page_test.cpp);
// in FOLDER are red.png, blue.png and words.txt; at GUARDED-URL the same asks for the token in tests/web/page_test.cpp. Needs playwright-core (NODE_PATH) and Debian's chromium (CHROMIUM, else
// /usr/bin/chromium).
const fs = require('fs');
const path = require('path');
const { chromium } = require('playwright-core');

const [url, folder, guarded, screenshots] = process.argv.slice(2);
const file = (name) => path.join(folder, name);
const wrong = [];
const check = (good, text) => { if (!good) wrong.push(text); };

async function open(browser, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const tab = await context.newPage();
  tab.on('console', (message) => {
    const expected = message.text().startsWith('Failed to load resource'); // a refused picture
    if (['error', 'warning'].includes(message.type()) && !expected) wrong.push(`console: ${message.text()}`);
  });
  tab.on('pageerror', (error) => wrong.push(`error: ${error.message}`));
  tab.on('request', (request) => { if (!request.url().startsWith(url) && !request.url().startsWith('blob:')) wrong.push(`asks for ${request.url()}`); });
  tab.on('filechooser', () => {}); // from now on choosers are caught: a listener that comes with the key comes too late on a busy machine
  await tab.goto(url);
  await tab.waitForSelector('#ask:not([hidden])');
  return tab;
}

const newest = (tab) => tab.locator('.answer').first();
// The words of the newest answer, when there are `count` answers and none is waited for.
async function answer(tab, count) {
  await tab.waitForFunction((n) => document.querySelectorAll('.answer').length === n && !document.querySelector('.waiting'), count, { timeout: 20000 });
  return newest(tab).locator('h2').textContent();
}
const shot = async (tab, name) => { if (screenshots) await tab.screenshot({ path: path.join(screenshots, `${name}.png`), fullPage: true }); };

// As somebody drags files here, or pastes them: an event that carries them. And at once chooses the model `chosen`.
async function give(tab, type, names, chosen = null) {
  const files = names.map((name) => ({ name, type: name.endsWith('png') ? 'image/png' : 'text/plain', bytes: fs.readFileSync(file(name)).toString('base64') }));
  await tab.evaluate(([kind, all, other]) => {
    const transfer = new DataTransfer();
    for (const one of all) transfer.items.add(new File([Uint8Array.from(atob(one.bytes), (c) => c.charCodeAt(0))], one.name, { type: one.type }));
    const event = kind === 'paste'
      ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true })
      : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
    document.querySelector('#pictures').dispatchEvent(event);
    if (!other) return;
    document.querySelector('#model').value = other;
    document.querySelector('#model').dispatchEvent(new Event('change'));
  }, [type, files, chosen]);
}

async function byButton(tab) {
  const [chooser] = await Promise.all([tab.waitForEvent('filechooser'), tab.click('#choose')]);
  await chooser.setFiles(file('red.png'));
  const words = await answer(tab, 1);
  check(/^red, \d+\.\d\d%$/.test(words), `the answer reads "${words}"`);
  check(await newest(tab).locator('.bars li').count() === 2, 'there is not a bar for each class');
  const bars = await newest(tab).locator('.bars li').allInnerTexts();
  check(bars[0].startsWith('red') && bars[1].startsWith('blue'), `the bars are ${bars.join(' | ')}`);
  check(await tab.locator('#said').textContent() === words, 'the answer is not said to screen readers');
  const size = await newest(tab).locator('.picture').evaluate((image) => image.naturalWidth);
  check(size > 0, 'the picture is not shown');
  await shot(tab, 'answer-light');
}

async function heatMap(tab) {
  const image = newest(tab).locator('.picture');
  const plain = await image.getAttribute('src');
  const button = newest(tab).locator('.explain');
  await button.click();
  await tab.waitForFunction(() => document.querySelector('.explain').getAttribute('aria-pressed') === 'true', null, { timeout: 20000 });
  check(await image.getAttribute('src') !== plain, 'the heat map is not shown');
  await tab.waitForFunction(() => document.querySelector('.picture').naturalWidth > 0);
  await shot(tab, 'heat-map');
  await button.click();
  check(await image.getAttribute('src') === plain, 'the picture does not come back');
}

async function dropAndPaste(tab) {
  await give(tab, 'dragover', ['red.png']);
  check(await tab.locator('#pictures.over').count() === 1, 'the field does not show that it takes what is dropped');
  await give(tab, 'drop', ['blue.png']);
  check((await answer(tab, 2)).startsWith('blue'), 'a dropped picture is not answered');
  check(await tab.locator('#pictures.over').count() === 0, 'the field still shows that something is over it');
  await give(tab, 'paste', ['red.png']);
  check((await answer(tab, 3)).startsWith('red'), 'a pasted picture is not answered');
  await give(tab, 'drop', ['red.png', 'blue.png', 'red.png']);
  await answer(tab, 6);
  const words = await tab.locator('.answer h2').allTextContents();
  check(words.slice(0, 3).filter((text) => text.startsWith('red')).length === 2, `three at once are answered: ${words.slice(0, 3)}`);
  check(words[4].startsWith('blue'), 'the history is not kept in its order');
}

async function wrongFile(tab) {
  await give(tab, 'drop', ['words.txt']);
  check(await answer(tab, 7) === 'No answer', 'a text is answered');
  const problem = newest(tab).locator('p.problem');
  check(await problem.isVisible() && (await problem.textContent()).length > 20, 'nothing says what is wrong with a text');
  check((await tab.locator('#said').textContent()) === await problem.textContent(), 'the problem is not said to screen readers');
  const [words, all] = await Promise.all([newest(tab).locator('.words').boundingBox(), newest(tab).boundingBox()]);
  check(words.width > all.width * 0.9, 'an empty place is left for a picture that cannot be shown');
  await shot(tab, 'wrong-file');
}

async function otherModels(tab) {
  await tab.selectOption('#model', 'more');
  await give(tab, 'drop', ['blue.png']);
  check((await answer(tab, 8)).startsWith('blue'), 'the second model does not answer');
  check((await newest(tab).locator('.file').textContent()).includes('more'), 'the answer does not name its model');
  await tab.click('#card summary');
  check((await tab.locator('#facts').innerText()).includes('dots'), 'the card does not show what is known');
  await tab.selectOption('#model', 'table');
  check(await tab.locator('#pictures').isHidden() && await tab.locator('#form').isVisible(), 'the form is not shown');
  await tab.fill('[name=age]', '39');
  await tab.selectOption('[name=sex]', 'Male');
  await tab.check('[name=married]');
  await tab.click('#form button');
  check(await answer(tab, 9) === 'class 0, 25.00%', 'the form is not answered');
  check((await newest(tab).locator('.given').innerText()).includes('age: 39'), 'the answer does not show what was asked');
  check(await newest(tab).locator('.bars li:visible').count() === 6, 'there are not five bars and a recommendation at first');
  check(await newest(tab).locator('.bars li').last().innerText() === 'Alien 4.7183', 'a recommendation is not shown');
  check((await newest(tab).locator('.file').innerText()).endsWith('not known: sex'), 'what is not known is not told');
  await newest(tab).locator('.all').click();
  check(await newest(tab).locator('.bars li:visible').count() === 13, 'not all bars can be shown');
  await shot(tab, 'form');
}

// Pictures that wait their turn are for the model that was chosen when they came.
async function anotherModelMeanwhile(browser) {
  const tab = await open(browser);
  const six = ['red.png', 'blue.png', 'red.png', 'blue.png', 'red.png', 'blue.png'];
  await give(tab, 'drop', six, 'more');
  await answer(tab, six.length);
  const asked = await tab.locator('.answer .file').allTextContents();
  check(asked.every((text) => text.endsWith('colours')), `a model that was chosen later is asked: ${asked}`);
  await tab.context().close();
}

// Only keys: Tab to what is there, Enter and Space to use it.
async function keyboard(browser) {
  const tab = await open(browser);
  const stops = [];
  let chosen = false;
  for (let i = 0; i < 12 && !chosen; ++i) {
    await tab.keyboard.press('Tab');
    const stop = await tab.evaluate(() => document.activeElement.id || document.activeElement.className || document.activeElement.tagName);
    stops.push(stop);
    if (stop !== 'choose') continue;
    const outline = await tab.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    check(outline !== 'none', 'the focus cannot be seen');
    const [chooser] = await Promise.all([tab.waitForEvent('filechooser'), tab.keyboard.press('Enter')]);
    await chooser.setFiles(file('blue.png'));
    chosen = true;
  }
  check(stops[0] === 'skip', `the first stop of the Tab key is ${stops[0]}`);
  check(chosen, `the button cannot be reached by keys: ${stops}`);
  await answer(tab, 1);
  let pressed = false;
  for (let i = 0; i < 8 && !pressed; ++i) {
    await tab.keyboard.press('Tab');
    if (!(await tab.evaluate(() => document.activeElement.classList.contains('explain')))) continue;
    await tab.keyboard.press('Space');
    await tab.waitForSelector('.explain[aria-pressed=true]');
    pressed = true;
    check(await tab.evaluate(() => document.activeElement.classList.contains('explain')), 'the focus is lost');
  }
  check(pressed, 'the heat map cannot be had by keys');
  await tab.context().close();
}

// What a screen reader is told.
async function screenReader(browser) {
  const tab = await open(browser);
  await give(tab, 'drop', ['red.png']);
  await answer(tab, 1);
  const session = await tab.context().newCDPSession(tab);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  const seen = nodes.filter((node) => !node.ignored && node.role).map((node) => `${node.role.value} ${node.name ? node.name.value : ''}`.trim());
  for (const expected of ['main', 'banner', 'contentinfo', 'heading linnet', 'combobox Model', 'region Ask', 'region Answers', 'button Choose pictures',
    'button Take a photo', 'status', 'image The picture red.png', 'button Where it looked', 'list', 'article'])
    check(seen.some((text) => text.startsWith(expected)), `a screen reader does not find "${expected}"`);
  check(seen.some((text) => /^heading red, \d/.test(text)), 'the answer is no heading');
  for (const node of nodes) {
    if (!node.ignored && node.role && ['button', 'textbox', 'combobox', 'image', 'link'].includes(node.role.value) && !(node.name && node.name.value))
      wrong.push(`a ${node.role.value} has no name`);
  }
  await tab.context().close();
}

async function phone(browser) {
  const tab = await open(browser, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'dark' });
  await shot(tab, 'phone-empty');
  const [chooser] = await Promise.all([tab.waitForEvent('filechooser'), tab.tap('#photograph')]);
  check(await tab.getAttribute('#camera', 'capture') === 'environment', 'the camera is not asked for');
  await chooser.setFiles(file('red.png'));
  await answer(tab, 1);
  const wide = await tab.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  check(wide <= 0, `the page is ${wide} pixels too wide for a phone`);
  for (const button of await tab.locator('button:visible, select:visible').all()) {
    const box = await button.boundingBox();
    check(box.height >= 44, `a button is only ${box.height} pixels high on a phone`);
  }
  await shot(tab, 'phone-dark');
  await tab.selectOption('#model', 'table');
  const needed = await tab.evaluate(() => document.documentElement.scrollWidth);
  check(needed <= 360, `a form is ${needed} pixels wide on a phone of 360`);
  await shot(tab, 'phone-form');
  await tab.context().close();
}

// Runs in the page: texts whose contrast to what is behind them is below 4.5.
function faintTexts() {
  const parse = (text) => (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
  const over = (front, back) => front.slice(0, 3).map((c, i) => c * (front[3] ?? 1) + back[i] * (1 - (front[3] ?? 1)));
  const light = (rgb) => rgb.map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4)).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const found = [];
  for (const element of document.querySelectorAll('h1, h2, p, a, button, dt, dd, summary, label, small, option, .bars span')) {
    if (!element.getClientRects().length || !element.textContent.trim() || element.closest('.skip')) continue;
    const layers = [];
    for (let node = element; node; node = node.parentElement) layers.push(parse(getComputedStyle(node).backgroundColor));
    let back = layers.reduceRight((below, layer) => over(layer, below), [255, 255, 255]);
    const bar = element.parentElement.querySelector(':scope > .filled');
    const behind = [back];
    if (bar) { const [r, g, b] = parse(getComputedStyle(bar).backgroundColor); behind.push(over([r, g, b, Number(getComputedStyle(bar).opacity)], back)); }
    const ink = over(parse(getComputedStyle(element).color), back);
    for (const ground of behind) {
      const [a, b] = [light(ink), light(ground)];
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      if (ratio < 4.5) found.push(`"${element.textContent.trim().slice(0, 30)}" has a contrast of ${ratio.toFixed(2)}`);
    }
  }
  return found;
}

// The access token: typed, after a wrong one, and as the printed address has it.
async function token(browser) {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(guarded);
  await tab.waitForSelector('#access:not([hidden])');
  await tab.fill('#token', 'a wrong token of letters');
  await tab.keyboard.press('Enter');
  await tab.waitForFunction(() => document.querySelector('#refused').textContent.includes('not the token'));
  await tab.fill('#token', '0123456789abcdef');
  await tab.keyboard.press('Enter');
  await tab.waitForSelector('#ask:not([hidden])');
  await give(tab, 'drop', ['red.png']);
  check((await answer(tab, 1)).startsWith('red'), 'a picture with a token is not answered');
  const other = await context.newPage();
  await other.goto(`${guarded}#token=0123456789abcdef`);
  await other.waitForSelector('#ask:not([hidden])');
  check(!other.url().includes('token'), 'the token stays in the address');
  await context.close();
}

async function colours(browser) {
  for (const colorScheme of ['light', 'dark']) {
    const tab = await open(browser, { colorScheme });
    await give(tab, 'drop', ['red.png', 'words.txt']);
    await answer(tab, 2);
    await tab.click('#card summary');
    await shot(tab, `page-${colorScheme}`);
    for (const text of await tab.evaluate(faintTexts)) wrong.push(`${colorScheme}: ${text}`);
    await tab.context().close();
  }
}

async function main() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  const tab = await open(browser);
  await shot(tab, 'empty-light');
  await byButton(tab);
  await heatMap(tab);
  await dropAndPaste(tab);
  await wrongFile(tab);
  await otherModels(tab);
  await anotherModelMeanwhile(browser);
  await keyboard(browser);
  await screenReader(browser);
  await phone(browser);
  await colours(browser);
  await token(browser);
  await browser.close();
  wrong.forEach((text) => console.log(text));
  process.exitCode = wrong.length ? 1 : 0;
}

main().catch((error) => { wrong.forEach((text) => console.log(text)); console.log(error.stack); process.exit(2); });
