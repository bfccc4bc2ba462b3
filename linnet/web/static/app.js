// The page of `linnet serve`: reads what models there are, asks them, shows their answers.
'use strict';

const $ = (id) => document.getElementById(id);
const shownAtFirst = 5; // bars; the others on demand
let models = [];
let model = null;

// ---- the service ------------------------------------------------------------------------------

// A token comes in the address's fragment, which is never sent, or is typed; it is kept for this tab.
function readToken() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (!given) return;
  sessionStorage.setItem('token', given);
  history.replaceState(null, '', location.pathname);
}

async function ask(path, options = {}) {
  const token = sessionStorage.getItem('token');
  const headers = { ...options.headers, ...(token && { Authorization: `Bearer ${token}` }) };
  let response;
  try {
    response = await fetch(path, { ...options, headers });
  } catch {
    throw new Error('The service cannot be reached. Is it still running?');
  }
  if (response.ok) return response;
  if (response.status === 401) askForToken();
  const problem = await response.json().catch(() => ({}));
  // What begins in brackets says where in the program it went wrong: for programmers.
  throw new Error((problem.detail || `The service answered ${response.status}.`).replace(/^\[[^\]]*\] /, ''));
}

const queryOf = (asked) => `?model=${encodeURIComponent(asked.name)}`;

function askForToken() {
  $('refused').textContent = sessionStorage.getItem('token') ? 'That is not the token of this service.' : '';
  sessionStorage.removeItem('token');
  $('access').hidden = false;
  $('ask').hidden = true;
  $('token').focus();
}

// ---- words ------------------------------------------------------------------------------------

const say = (text) => { $('said').textContent = text; };

function labelText(label) {
  if (Array.isArray(label)) return label.map(labelText).join(', ') || 'none';
  return typeof label === 'number' ? String(Number(label.toPrecision(5))) : String(label ?? 'none');
}

// Never "100%" for what is not certain.
function percent(share) {
  const text = (share * 100).toFixed(2);
  return text === '100.00' && share < 1 ? '99.99%' : `${text}%`;
}

function inWords(answer) {
  const label = labelText(answer.label);
  return answer.probability === undefined ? label : `${label}, ${percent(answer.probability)}`;
}

// ---- answers ----------------------------------------------------------------------------------

function newAnswer(title) {
  const article = $('answer').content.firstElementChild.cloneNode(true);
  article.classList.add('waiting');
  article.setAttribute('aria-busy', 'true');
  article.querySelector('h2').textContent = 'Looking …';
  article.querySelector('.file').textContent = title;
  $('answers').prepend(article);
  return article;
}

function bar(label, share) {
  const row = document.createElement('li');
  const filled = document.createElement('span');
  filled.className = 'filled';
  filled.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  filled.setAttribute('aria-hidden', 'true');
  const name = document.createElement('span');
  name.textContent = label;
  const number = document.createElement('span');
  number.className = 'share';
  number.textContent = percent(share);
  row.append(filled, name, ' ', number);
  return row;
}

function showBars(article, probabilities) {
  const rows = Object.entries(probabilities).sort((a, b) => b[1] - a[1]).map(([label, share]) => bar(label, share));
  article.querySelector('.bars').replaceChildren(...rows);
  const button = article.querySelector('.all');
  button.hidden = rows.length <= shownAtFirst;
  const fold = (all) => {
    rows.forEach((row, i) => { row.hidden = !all && i >= shownAtFirst; });
    button.setAttribute('aria-expanded', String(all));
    button.textContent = all ? `The first ${shownAtFirst} only` : `All ${rows.length}`;
  };
  button.onclick = () => fold(button.getAttribute('aria-expanded') !== 'true');
  fold(false);
}

function finish(article, words) {
  article.classList.remove('waiting');
  article.removeAttribute('aria-busy');
  article.querySelector('h2').textContent = words;
}

function words(text) {
  const span = document.createElement('span');
  span.textContent = text;
  return span;
}

// What else an answer lists, recommendations say: a line each, of its members.
function showLists(article, answer) {
  const lists = Object.values(answer).filter((value) => Array.isArray(value) && value.length && value[0] instanceof Object);
  for (const line of lists.flat()) {
    const row = document.createElement('li');
    const [name, ...others] = Object.values(line).map(labelText);
    row.className = 'listed';
    row.append(words(name), ' ', words(others.join(' ')));
    article.querySelector('.bars').append(row);
  }
}

function showAnswer(article, answer) {
  finish(article, inWords(answer));
  const shares = answer.probabilities || answer.shares;
  if (shares) showBars(article, shares);
  showLists(article, answer);
  if (answer.unknown && answer.unknown.length) article.querySelector('.file').textContent += ` · not known: ${answer.unknown.join(', ')}`;
}

function showProblem(article, text) {
  finish(article, 'No answer');
  const problem = article.querySelector('.problem');
  problem.textContent = text;
  problem.hidden = false;
}

// ---- pictures ---------------------------------------------------------------------------------

function showPicture(article, file) {
  const image = article.querySelector('.picture');
  image.src = URL.createObjectURL(file);
  image.alt = `The picture ${file.name || 'that was pasted'}`;
  // No picture, or of a kind that the browser cannot show: the words take all the room.
  image.onerror = () => { image.hidden = true; article.classList.add('wordy'); };
}

// The heat map takes the picture's place as long as its button is pressed.
function offerExplanation(article, file, asked) {
  const button = article.querySelector('.explain');
  const image = article.querySelector('.picture');
  const plain = { src: image.src, alt: image.alt, words: '' };
  let heat = null;
  button.textContent = asked.explanation.name;
  const show = ({ src, alt, words }) => {
    image.src = src;
    image.alt = alt;
    image.hidden = false;
    article.classList.remove('wordy');
    article.querySelector('.given').textContent = words;
  };
  button.hidden = false;
  button.onclick = async () => {
    const pressed = button.getAttribute('aria-pressed') !== 'true';
    button.disabled = true;
    try {
      if (pressed && !heat) {
        const response = await ask(`explain${queryOf(asked)}`, { method: 'POST', body: formOf(file, asked) });
        heat = {
          src: URL.createObjectURL(await response.blob()),
          alt: `${asked.explanation.words} ${plain.alt}`,
          words: asked.explanation.words,
        };
      }
      show(pressed ? heat : plain);
      button.setAttribute('aria-pressed', String(pressed));
      say(pressed ? heat.words : 'The picture itself again.');
    } catch (error) {
      say(error.message);
      button.after(problemLine(error.message));
    }
    button.disabled = false;
    button.focus();
  };
}

function problemLine(text) {
  const line = document.createElement('span');
  line.className = 'problem';
  line.textContent = text;
  return line;
}

function formOf(file, asked) {
  const form = new FormData();
  form.append(asked.form[0].name, file, file.name || 'picture');
  return form;
}

async function askOfPicture(file, asked) {
  const article = newAnswer(`${file.name || 'pasted picture'} · ${asked.name}`);
  showPicture(article, file);
  try {
    const response = await ask(`predict${queryOf(asked)}`, { method: 'POST', body: formOf(file, asked) });
    const answer = await response.json();
    showAnswer(article, answer);
    if (asked.explanation) offerExplanation(article, file, asked);
    return inWords(answer);
  } catch (error) {
    showProblem(article, error.message);
    return error.message;
  }
}

// One after another would be slow, all at once would take the whole queue: four at a time.
async function takeFiles(list) {
  const files = [...list].filter((file) => file instanceof File);
  const asked = model; // whichever is chosen while they wait
  if (!files.length || !isForPictures(asked)) return;
  say(files.length === 1 ? 'Looking at the picture.' : `Looking at ${files.length} pictures.`);
  const waiting = files.slice();
  let last = '';
  const worker = async () => { while (waiting.length) last = await askOfPicture(waiting.shift(), asked); };
  await Promise.all([worker(), worker(), worker(), worker()]);
  say(files.length === 1 ? last : `${files.length} answers are there.`);
}

function watchPictures() {
  const drop = $('pictures');
  $('choose').onclick = () => $('files').click();
  $('photograph').onclick = () => $('camera').click();
  for (const id of ['files', 'camera']) {
    $(id).onchange = (event) => {
      takeFiles(event.target.files);
      event.target.value = ''; // the same picture may be chosen again
    };
  }
  // Dropped beside the field, a picture would else take the page's place.
  for (const type of ['dragover', 'drop']) {
    document.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.toggle('over', type === 'dragover');
      if (type === 'drop') takeFiles(event.dataTransfer.files);
    });
  }
  document.addEventListener('dragleave', (event) => { if (!event.relatedTarget) drop.classList.remove('over'); });
  document.addEventListener('paste', (event) => {
    if (event.clipboardData.files.length) takeFiles(event.clipboardData.files);
  });
}

// ---- forms of other kinds of models -------------------------------------------------------------

function inputOf(field) {
  if (field.choices.length) {
    const select = document.createElement('select');
    if (!field.required) select.append(new Option('', ''));
    field.choices.forEach((choice) => select.append(new Option(choice, choice)));
    return select;
  }
  const input = document.createElement('input');
  const types = { integer: 'number', number: 'number', flag: 'checkbox', path: 'file' };
  input.type = types[field.kind] || 'text';
  if (field.kind === 'number') input.step = 'any';
  if (field.min !== null) input.min = field.min;
  if (field.max !== null) input.max = field.max;
  return input;
}

function row(field) {
  const label = document.createElement('label');
  const name = document.createElement('span');
  name.textContent = field.name;
  const input = inputOf(field);
  input.name = field.name;
  input.required = field.required && field.kind !== 'flag';
  if (field.preset === true) input.checked = true;
  else if (field.preset !== null) input.value = field.preset;
  label.append(name, input);
  if (field.help) {
    const help = document.createElement('small');
    help.textContent = field.help;
    help.id = `help-${field.name}`;
    input.setAttribute('aria-describedby', help.id);
    label.append(help);
  }
  return label;
}

// What was filled in, as the service takes it.
function filled(form, fields) {
  const body = new FormData();
  for (const field of fields) {
    const input = form.elements.namedItem(field.name);
    if (field.kind === 'flag') body.append(field.name, String(input.checked));
    else if (field.kind === 'path') [...input.files].forEach((file) => body.append(field.name, file, file.name));
    else if (input.value !== '') body.append(field.name, input.value);
  }
  return body;
}

async function askOfForm(event) {
  event.preventDefault();
  const body = filled(event.target, model.form);
  const article = newAnswer(model.name);
  article.querySelector('.picture').remove();
  article.querySelector('.given').textContent = [...body].map(([name, value]) => `${name}: ${value.name || value}`).join('\n');
  say('Asking the model.');
  try {
    const answer = await (await ask(`predict${queryOf(model)}`, { method: 'POST', body })).json();
    showAnswer(article, answer);
    say(inWords(answer));
  } catch (error) {
    showProblem(article, error.message);
    say(error.message);
  }
}

function showForm() {
  const button = document.createElement('button');
  button.className = 'main';
  button.textContent = 'Ask';
  $('form').replaceChildren(...model.form.map(row), button);
}

// ---- models -------------------------------------------------------------------------------------

const isForPictures = (candidate) => candidate.form.length === 1 && candidate.form[0].kind === 'path';

function fact({ name, value }) {
  const term = document.createElement('dt');
  const description = document.createElement('dd');
  term.textContent = name;
  description.textContent = value;
  return [term, description];
}

function takeModel(name) {
  model = models.find((candidate) => candidate.name === name);
  document.title = `${model.name} · linnet`;
  const pictures = isForPictures(model);
  $('pictures').hidden = !pictures;
  $('form').hidden = pictures;
  if (!pictures) showForm();
  const listed = model.labels.join(', ');
  const isTold = !listed || model.facts.some(({ value }) => value.endsWith(listed));
  const labels = isTold ? [] : [{ name: 'answers', value: listed }];
  $('facts').replaceChildren(...[...model.facts, ...labels].flatMap(fact));
  $('card').hidden = false;
}

async function begin() {
  try {
    models = (await (await ask('models')).json()).models;
  } catch (error) {
    if (!$('access').hidden) return;
    say(error.message);
    $('answers').prepend(problemLine(error.message));
    return;
  }
  $('access').hidden = true;
  $('ask').hidden = false;
  $('model').replaceChildren(...models.map(({ name }) => new Option(name, name)));
  $('model-choice').hidden = models.length < 2;
  $('model').onchange = (event) => takeModel(event.target.value);
  takeModel(models[0].name);
}

$('access').onsubmit = (event) => {
  event.preventDefault();
  sessionStorage.setItem('token', $('token').value.trim());
  begin();
};
$('form').onsubmit = askOfForm;
readToken();
watchPictures();
begin();
