// What a Streamlit page cannot do by itself. Data comes from Python and is only ever set as text.
const LIVE = "hm-live";

// It stands on a page twice: first with its language and words, later with what it shows.
export default function (component) {
  const { data } = component;
  const page = (window.hytkiMatch ??= { turn: null, note: "", words: {}, origin: {} });
  if (data.words) speak(page, data);
  else show(page, component);
}

function speak(page, { language, words, copied }) {
  document.documentElement.lang = language;
  Object.assign(page, { language, words, copied });
  for (const [builtIn, own] of Object.entries(words)) page.origin[own] = builtIn;
  if (!page.listening) listen(page);
  translate(page, document.body);
}

function show(page, component) {
  const { data } = component;
  page.component = component;
  if (document.title !== data.title) document.title = data.title;
  announce(page, data);
  // A stopped search takes its button along; nothing else may draw the keyboard back here.
  const lost = document.activeElement === document.body;
  if (data.ready && (lost || !page.ready)) requestAnimationFrame(() => input()?.focus());
  page.ready = data.ready;
}

function listen(page) {
  page.listening = true;
  document.addEventListener("click", (event) => clicked(page, event), true);
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll(".hm-answer details:not([open])")];
    closed.forEach((part) => (part.open = true));
  });
  addEventListener("afterprint", () => closed.forEach((part) => (part.open = false)));
  new MutationObserver((changes) => {
    for (const change of changes) {
      for (const node of change.addedNodes) if (node.nodeType === 1) translate(page, node);
      if (change.type === "attributes") translateElement(page, change.target);
      if (change.type === "characterData") translateText(page, change.target);
    }
  }).observe(document.body, {
    subtree: true,
    childList: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["aria-label", "title", "placeholder"],
  });
}

// Words of Streamlit's own, and the language of controls that speak the answer's language.
function translate(page, root) {
  translateElement(page, root);
  root.querySelectorAll("[aria-label], [title], [placeholder]").forEach((e) => translateElement(page, e));
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) translateText(page, node);
  const parts = root.querySelectorAll('[class*="st-key-lang-"]');
  for (const part of [root, ...parts]) {
    const found = /st-key-lang-(fi|en)/.exec(part.getAttribute?.("class") ?? "");
    if (found && part.lang !== found[1]) part.lang = found[1];
  }
}

function translateElement(page, element) {
  // A labelled place to drop a file into is no mere decoration (axe: presentation-role-conflict).
  if (element.matches?.("section[role=presentation][aria-label]")) element.removeAttribute("role");
  for (const name of ["aria-label", "title", "placeholder"]) {
    const own = ownWord(page, element.getAttribute?.(name));
    if (own && own !== element.getAttribute(name)) element.setAttribute(name, own);
  }
}

// A word is known by Streamlit's English and, once the language was switched, by ours. A number
// in it stands as "#" in the list ("# options available.").
function ownWord(page, text) {
  const number = /\d+/.exec(text ?? "")?.[0];
  const known = number ? text.replace(number, "#") : text;
  const own = page.words[text] ?? page.words[known] ?? page.words[page.origin[known]];
  return number ? own?.replace("#", number) : own;
}

function translateText(page, node) {
  // What people wrote stays as they wrote it: only Streamlit's own parts are touched.
  const own = ownWord(page, node.data?.trim());
  if (own && own !== node.data && !node.parentElement?.closest(".stHtml, textarea, input")) {
    node.data = own;
  }
}

// One polite announcement per answer, in a place that stays: readers miss one that comes with it.
function announce(page, data) {
  let live = document.getElementById(LIVE);
  if (!live) {
    live = document.createElement("div");
    live.id = LIVE;
    live.className = "hm-hidden";
    live.setAttribute("role", "status");
    // Inside the main landmark: all that a page says has to stand in one.
    (document.querySelector('[data-testid="stMain"]') ?? document.body).append(live);
  }
  if (data.note && page.note !== data.note) say(live, data.note, page.language);
  page.note = data.note;
  if (page.turn === data.turn) return;
  const first = page.turn === null;
  page.turn = data.turn;
  say(live, data.announcement, data.spoken ?? page.language);
  if (!first && data.turn) {
    document.querySelector('[data-testid="stMain"]')?.scrollTo({ top: 0 });
    // A pressed button has gone with the answer it stood in: the keyboard goes on at the question.
    requestAnimationFrame(() => {
      if (document.activeElement === document.body) input()?.focus({ preventScroll: true });
    });
  }
}

function say(live, text, language) {
  live.lang = language;
  live.textContent = text;
}

function input() {
  return document.querySelector('[data-testid="stChatInputTextArea"]');
}

const ACTIONS = {
  print: () => window.print(),
  copy: (page, button) => copy(page, button, document.querySelector(".hm-as-text")),
  link: (page, button) => copy(page, button, null),
  calendar: (_, button) =>
    save(button.dataset.name, "text/calendar", button.dataset.file.replace(/\r?\n/g, "\r\n")),
  opinion: (page, button) => {
    page.component.setTriggerValue("opinion", {
      doc_id: button.dataset.id,
      useful: button.dataset.useful === "yes",
    });
  },
};

function clicked(page, event) {
  const link = event.target.closest?.('.stHtml a[href^="https:"]');
  if (link) Object.assign(link, { target: "_blank", rel: "noopener noreferrer" });
  const button = event.target.closest?.(".stHtml button[data-hm]");
  if (button) ACTIONS[button.dataset.hm]?.(page, button);
}

async function copy(page, button, source) {
  const text = source ? source.textContent : location.href;
  try {
    await navigator.clipboard.writeText(text);
  } catch (error) {
    // Browsers keep the clipboard from pages without https: show what can be copied by hand.
    window.prompt(button.textContent, text);
    return;
  }
  const label = button.textContent;
  button.textContent = page.copied;
  document.getElementById(LIVE).textContent = page.copied;
  setTimeout(() => (button.textContent = label), 2000);
}

function save(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
