// The page of the simulator: it asks for an overview each second and shows it.
// All text goes into the page as text, never as HTML.

const base = "/_simulator/";
const $ = (id) => document.getElementById(id);

// isThere leaves out the children that a condition has left out.
const isThere = (child) => child !== undefined && child !== null && child !== false && child !== "";

// element makes an element with attributes and children.
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(key, value);
  }
  made.append(...children.filter(isThere));
  return made;
}

const statusOf = (status) => element("span", { class: "status", "data-status": status }, status);

// ---- Requests to the simulator

async function call(method, path, body) {
  const response = await fetch(base + path, {
    method,
    headers: body === undefined ? {} : { "Content-Type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  const answer = text === "" ? null : JSON.parse(text);
  if (!response.ok) throw new Error((answer && answer.error) || response.statusText);
  return answer;
}

let messageTimer;

// say shows what became of an action. Screen readers read it out.
function say(text, bad = false) {
  const message = $("message");
  message.textContent = text;
  message.classList.toggle("bad", bad);
  clearTimeout(messageTimer);
  if (!bad) messageTimer = setTimeout(() => { message.textContent = ""; }, 8000);
}

// act sends a command, says what became of it, and shows the outcome.
async function act(done, method, path, body) {
  try {
    await call(method, path, body);
    say(done);
  } catch (error) {
    say(`That did not work: ${error.message}`, true);
    return false;
  } finally {
    await refresh();
  }
  return true;
}

// ---- Lists whose elements stay, so that the focus stays where it is

// reconcile shows one element for each record. make builds it once, and fill
// changes it when the record has changed.
function reconcile(parent, records, keyOf, make, fill) {
  const present = new Map([...parent.children].map((child) => [child.dataset.key, child]));
  let before = parent.firstElementChild;
  for (const record of records) {
    const key = keyOf(record);
    let child = present.get(key);
    present.delete(key);
    if (!child) {
      child = make(record);
      child.dataset.key = key;
    }
    const shown = JSON.stringify(record);
    if (child.dataset.shown !== shown) {
      child.dataset.shown = shown;
      fill(child, record);
    }
    if (child !== before) parent.insertBefore(child, before);
    else before = before.nextElementSibling;
  }
  for (const gone of present.values()) gone.remove();
}

// put replaces the content of an element.
const put = (target, ...children) => target.replaceChildren(...children.filter(isThere));

function enable(button, can) {
  if (can) button.removeAttribute("aria-disabled");
  else button.setAttribute("aria-disabled", "true");
}

const isEnabled = (button) => button.getAttribute("aria-disabled") !== "true";

// ---- Times

const clockText = (text) => text.replace("T", " ").replace(/\.\d+/, "").replace("Z", " UTC");

function length(milliseconds) {
  const minutes = Math.round(milliseconds / 60000);
  if (milliseconds < 60000) return `${Math.max(0, Math.round(milliseconds / 1000))} s`;
  if (minutes < 60) return `${minutes} min`;
  return minutes % 60 === 0 ? `${minutes / 60} h` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// ---- Notebooks

// cells is a row of a table with empty cells, which say on a narrow page what they hold.
const cells = (...labels) => element("tr", { role: "row" }, ...labels.map((label) => element("td", { role: "cell", "data-label": label })));

function makeNotebook(notebook) {
  const button = (text, name, press) => element("button", { type: "button", "aria-label": `${text} ${name}`, "data-do": text.toLowerCase(), onclick: (event) => isEnabled(event.currentTarget) && press() }, text);
  const { id, name } = notebook;
  const open = element("a", { class: "button", href: `${base}notebooks/${encodeURIComponent(id)}/open`, target: "_blank", rel: "noopener", "data-do": "open", "aria-label": `Open ${name} in a new tab` }, "Open");
  const actions = element("div", { class: "row" }, open,
    button("Stop", name, () => act(`${name} is stopping.`, "POST", `notebooks/${id}/stop`)),
    button("Start", name, () => act(`${name} is starting.`, "POST", `notebooks/${id}/start`)),
    button("Delete", name, () => ask(`Delete ${name}?`, "It is gone at once, as if somebody had deleted it at the console.", "Delete",
      () => act(`${name} is deleted.`, "DELETE", `notebooks/${id}`))));
  const row = cells("Name", "Status", "Size, image", "Lease", "Storage", "Actions");
  row.lastElementChild.append(actions);
  return row;
}

function fillNotebook(row, n) {
  const [name, status, size, lease, storage, actions] = row.children;
  const tags = Object.entries(n.tags || {}).map(([key, value]) => value === "" ? key : `${key}=${value}`).join(", ");
  put(name, element("div", {}, element("b", {}, n.name), element("small", {}, element("code", {}, n.id)), tags && element("small", {}, tags)));
  const step = n.step && `step ${n.step.number} of ${n.step.of}${n.step.status === "FAILED" ? " failed" : ""}: ${n.step.text}`;
  put(status, element("div", {}, statusOf(n.status), step && element("small", {}, step), n.fail_reason && element("small", {}, n.fail_reason)));
  put(size, element("div", {}, n.flavor, element("small", {}, n.image), n.pool && element("small", {}, `pool ${n.pool}`), n.ssh && element("small", {}, element("code", {}, n.ssh))));
  put(storage, element("div", {}, n.volume, mountList(n.mounts)));
  fillLease(lease, n);
  const can = { open: n.can_open, stop: n.can_stop, start: n.can_start, delete: true };
  for (const control of actions.querySelectorAll("[data-do]")) {
    if (control.tagName === "A") control.classList.toggle("absent", !can.open);
    else enable(control, can[control.dataset.do]);
  }
}

function mountList(mounts) {
  if (mounts.length === 0) return "";
  return element("ul", { class: "mounts" }, ...mounts.map((m) => element("li", {},
    element("code", {}, m.path), " ", statusOf(m.status), element("small", {}, `${m.kind} of ${m.source}`))));
}

function fillLease(cell, n) {
  if (!n.lease) return put(cell, "none");
  if (!n.lease.ends_at) return put(cell, element("div", {}, n.lease.type, element("small", {}, `${length(n.lease.duration_ms)} from its start`)));
  const left = length(new Date(n.lease.ends_at) - now);
  return put(cell, element("div", {}, n.lease.type, element("small", {}, `ends in ${left}`), element("small", {}, element("time", { datetime: n.lease.ends_at }, clockText(n.lease.ends_at)))));
}

// ---- The overview

let now = new Date();
let last;
let paused = false;

function show(o) {
  last = o;
  now = new Date(o.now);
  $("region").textContent = o.region;
  $("project").textContent = o.project_id;
  $("used").textContent = o.used;
  $("quota").textContent = o.quota;
  $("now").textContent = clockText(o.now);
  $("now").dateTime = o.now;
  $("key-pairs").textContent = o.key_pairs.length === 0 ? "any name is taken for one that exists" : o.key_pairs.join(", ");
  $("frozen").checked = o.frozen;

  $("no-notebooks").hidden = o.notebooks.length > 0;
  $("notebook-table").hidden = o.notebooks.length === 0;
  reconcile($("notebook-rows"), o.notebooks, (n) => n.id, makeNotebook, fillNotebook);
  [...$("notebook-rows").children].forEach((row, i) => fillLease(row.children[3], o.notebooks[i]));
  reconcile($("fault-notebook"), [{ id: "", name: "any" }, ...o.notebooks.map(({ id, name }) => ({ id, name }))], (n) => n.id,
    (n) => element("option", { value: n.id }), (option, n) => { option.textContent = n.name; });

  showFaults(o.faults);
  showRequests(o);
  showAnswers(o.answers);
  showCatalogue(o);
}

function showFaults(faults) {
  $("no-faults").hidden = faults.length > 0;
  $("clear-faults").hidden = faults.length === 0;
  reconcile($("fault-list"), faults, (f) => String(f.id), (f) => element("li", {}, element("div"),
    element("button", { type: "button", "aria-label": `Remove fault ${f.id}, ${f.fault.kind}`, onclick: () => act("The fault is removed.", "DELETE", `faults/${f.id}`) }, "Remove")),
  (row, f) => {
    const { kind, count = 1, ...rest } = f.fault;
    const details = Object.entries(rest).map(([key, value]) => `${key}: ${value}`).filter((text) => !/^(delay|age): 0s$/.test(text)).join("; ");
    const wanted = Math.max(count, 1);
    const hit = count < 0 ? `every time, ${f.hits} so far` : f.hits >= wanted ? "done" : wanted === 1 ? "waits" : `${f.hits} of ${wanted} times so far`;
    put(row.firstElementChild, element("b", {}, kind), ` – ${hit}`, details && element("small", {}, details));
  });
}

// ---- Requests

function kindOf(r) {
  if (r.status === 0) return r.fault ? "bad" : "none";
  return r.status < 400 ? "ok" : "bad";
}

function showRequests(o) {
  const filter = $("request-filter").value;
  const list = o.requests.filter((r) => filter === "all" || (filter === "changes" ? r.method !== "GET" : r.fault || r.status >= 400));
  $("request-count").textContent = o.request_count;
  $("no-requests").hidden = list.length > 0;
  $("request-table").hidden = list.length === 0;
  reconcile($("request-rows"), list, (r) => r.request_id,
    () => cells("Time", "Operation", "Notebook", "Answer"),
    (row, r) => {
      const [time, operation, notebook, answer] = row.children;
      put(time, element("time", { datetime: r.time }, clockText(r.time).slice(11, 19)));
      put(operation, element("div", {}, element("b", {}, r.operation || "unknown"), element("small", {}, element("code", {}, `${r.method} ${r.path}${r.query ? `?${r.query}` : ""}`))));
      put(notebook, r.notebook || "");
      notebook.toggleAttribute("data-empty", !r.notebook);
      const status = r.status === 0 ? (r.fault ? "no answer" : "under way") : String(r.status);
      put(answer, element("div", {}, element("span", { class: "status", "data-kind": kindOf(r) }, status), r.error_code && element("small", {}, r.error_code), r.fault && element("small", {}, `fault: ${r.fault}`)));
    });
}

// ---- Answers to the open questions

let questions = [];

// coded turns `text` into code.
const coded = (text) => text.split("`").map((part, i) => i % 2 === 1 ? element("code", {}, part) : part);

function buildAnswers(rows) {
  questions = [];
  for (const row of rows) {
    if (row.question === "the same") questions.at(-1).rows.push(row);
    else questions.push({ text: row.question, rows: [row] });
  }
  put($("answer-list"), ...questions.map((question) => {
    const group = `answer-${question.rows[0].id}`;
    const option = (value, letter, text) => element("label", { class: "check" },
      element("input", { type: "radio", name: group, value, onchange: () => chooseAnswer(question, value) }),
      element("span", {}, element("b", {}, `${letter}: `), ...coded(text), value && " ", value && element("code", { class: "quiet" }, value)));
    question.field = element("fieldset", {}, element("legend", {}, ...coded(question.text)), option("", "A", question.rows[0].a),
      ...question.rows.map((row) => option(row.id, "B", row.b)),
      ...question.rows.filter((row) => row.note).map((row) => element("p", { class: "note" }, ...coded(row.note))));
    return question.field;
  }));
}

function chooseAnswer(question, id) {
  const own = question.rows.map((row) => row.id);
  const answers = last.answers.filter((other) => !own.includes(other));
  if (id !== "") answers.push(id);
  return act(id === "" ? "The question has answer A." : `${id}: answer B.`, "PUT", "answers", { answers });
}

function showAnswers(answers) {
  $("at-b").textContent = answers.length;
  const find = $("answer-filter").value.trim().toLowerCase();
  for (const question of questions) {
    const chosen = question.rows.map((row) => row.id).find((id) => answers.includes(id)) || "";
    for (const radio of question.field.querySelectorAll("input")) radio.checked = radio.value === chosen;
    const found = question.field.textContent.toLowerCase().includes(find);
    question.field.hidden = !found || ($("answer-only").checked && chosen === "");
  }
}

// ---- Images, flavors, pools

const categories = (f) => [f.category, f.arch].join(" ");

function showCatalogue(o) {
  reconcile($("image-rows"), o.images, (i) => i.id, () => cells("Name", "For", "Status"), (row, i) => {
    put(row.children[0], element("div", {}, element("b", {}, i.name), element("small", {}, i.tag), element("small", {}, element("code", {}, i.id))));
    put(row.children[1], element("div", {}, i.arch, element("small", {}, i.type === "BUILD_IN" ? "preset" : "of the account")));
    put(row.children[2], element("div", {}, statusOf(i.status), i.status_message && element("small", {}, i.status_message)));
  });
  reconcile($("flavor-rows"), o.flavors, (f) => f.id, (f) => {
    const row = cells("Flavor", "Size", "Sold out");
    row.lastElementChild.append(element("input", { type: "checkbox", "aria-label": `${f.id} is sold out`, onchange: (event) => sellOut(f.id, event.target.checked) }));
    return row;
  }, (row, f) => {
    put(row.children[0], element("div", {}, element("b", {}, f.id), f.feature === "DEFAULT" && element("small", {}, "free, for CodeLab")));
    put(row.children[1], element("div", {}, f.description, element("small", {}, categories(f)), f.cards && element("small", {}, f.cards)));
    const box = row.querySelector("input");
    box.disabled = f.always === true;
    if (box.nextSibling) box.nextSibling.remove();
    if (f.always) box.after(" always");
  });
  for (const f of o.flavors) {
    const row = [...$("flavor-rows").children].find((child) => child.dataset.key === f.id);
    row.querySelector("input").checked = f.sold_out;
  }
  reconcile($("pool-list"), o.pools, (p) => p.id, () => element("li", {}, element("div")), (row, p) => {
    put(row.firstElementChild, element("b", {}, p.id), " ", statusOf(p.status), element("small", {}, p.type === "DEDICATED" ? "dedicated" : "shared"),
      ...p.flavors.map((f) => element("small", {}, `${f.id}: ${f.description}${f.cards ? `, ${f.cards}` : ""}${f.sold_out ? ", sold out" : ""}`)));
  });
}

function sellOut(id, yes) {
  const others = last.sold_out.filter((other) => other !== id);
  return act(yes ? `${id} is sold out.` : `${id} can be had again.`, "PATCH", "options", { sold_out: yes ? [...others, id] : others });
}

// ---- A question before what cannot be undone

let confirmed;

function ask(title, text, yes, then) {
  $("confirm-title").textContent = title;
  $("confirm-text").textContent = text;
  $("confirm-yes").textContent = yes;
  confirmed = then;
  $("confirm").showModal();
}

$("confirm-no").addEventListener("click", () => $("confirm").close());
$("confirm-yes").addEventListener("click", () => { $("confirm").close(); confirmed(); });

// ---- Faults

let kinds = [];

function buildFaults(vocabulary) {
  kinds = vocabulary.kinds;
  const group = (label, life) => element("optgroup", { label }, ...kinds.filter((k) => Boolean(k.life) === life).map((k) => element("option", { value: k.kind }, k.kind)));
  put($("fault-kind"), group("An answer of the service", false), group("The life of a notebook", true));
  $("fault-operation").append(...vocabulary.operations.map((name) => element("option", { value: name }, name)));
  chooseFault();
}

// chooseFault shows the fields that the kind of fault takes.
function chooseFault() {
  const kind = kinds.find((k) => k.kind === $("fault-kind").value);
  $("fault-text").textContent = kind.text;
  for (const field of document.querySelectorAll("#fault-form [data-for]")) {
    const fors = field.dataset.for.split(" ");
    field.hidden = !fors.includes(kind.kind) && !(fors.includes("answer") && !kind.life);
  }
}

function readFault() {
  const fault = {};
  for (const input of $("fault-form").elements) {
    if (!input.name || input.closest("[hidden]")) continue;
    const value = input.type === "checkbox" ? input.checked : input.value;
    if (value === "" || value === false) continue;
    fault[input.name] = ["count", "step", "status"].includes(input.name) ? Number(value) : value;
  }
  return fault;
}

// ---- Once

$("fault-kind").addEventListener("change", chooseFault);
$("fault-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const fault = readFault();
  act(`The fault ${fault.kind} waits for a request.`, "POST", "faults", fault);
});
$("clear-faults").addEventListener("click", () => act("All faults are removed.", "DELETE", "faults"));
for (const button of document.querySelectorAll("[data-advance]")) {
  button.addEventListener("click", () => advance(button.dataset.advance));
}
$("advance-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await advance($("advance").value)) $("advance").value = "";
});
const advance = (by) => act(`The clock went forward by ${by}.`, "POST", "clock", { advance: by });
$("frozen").addEventListener("change", (event) => act(event.target.checked ? "The account is in arrears." : "The account is in order again; its notebooks are stopped.", "PATCH", "options", { frozen: event.target.checked }));
$("reset").addEventListener("click", () => ask("Reset everything?", "Notebooks, images of the account, faults, sessions and requests are forgotten. Options and clock stay.", "Reset", () => act("Everything is reset.", "POST", "reset")));
$("empty-requests").addEventListener("click", () => act("The list of requests is empty.", "DELETE", "requests"));
$("request-filter").addEventListener("change", () => last && showRequests(last));
$("all-a").addEventListener("click", () => act("Every question has answer A.", "PUT", "answers", { answers: [] }));
$("answer-filter").addEventListener("input", () => last && showAnswers(last.answers));
$("answer-only").addEventListener("change", () => last && showAnswers(last.answers));
$("pause").addEventListener("click", () => {
  paused = !paused;
  $("pause").setAttribute("aria-pressed", String(paused));
  connection();
  if (!paused) refresh();
});

// ---- Live

let lost = false;

function connection() {
  const state = lost ? "lost" : paused ? "paused" : "live";
  const text = { lost: "the simulator cannot be reached", paused: "paused", live: "live" }[state];
  const shown = $("connection");
  if (shown.dataset.state === state) return;
  shown.dataset.state = state;
  shown.textContent = text;
}

let loaded = false;

async function refresh() {
  try {
    if (!loaded) {
      const [vocabulary, answers] = await Promise.all([call("GET", "faults/kinds"), call("GET", "answers")]);
      buildFaults(vocabulary);
      buildAnswers(answers);
      loaded = true;
    }
    show(await call("GET", "overview"));
    if (lost) say("The simulator can be reached again.");
    lost = false;
  } catch (error) {
    if (!lost) say(`The simulator cannot be reached: ${error.message}`, true);
    lost = true;
  }
  connection();
}

async function live() {
  for (;;) {
    if (!paused && !document.hidden) await refresh();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && !paused) refresh(); });
live();
