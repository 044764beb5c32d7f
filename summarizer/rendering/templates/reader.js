"use strict";
(() => {
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const [pane, weight, chips, passage, status] = ["pane", "weight", "chips", "passage", "status"].map(byId);
  const sentences = [...document.querySelectorAll(".sentence")];
  const wide = matchMedia("(min-width: 62rem)");
  let chosen = null; // the sentence
  let shown = 0; // which of its quotations

  const marks = () => [...chosen.querySelectorAll(".marks a")];
  const keyOf = (mark) => mark.hash.slice(2);
  const sourceOf = (key) => byId("n" + key).closest(".source");

  function make(tag, text, className = "") {
    const element = document.createElement(tag);
    element.textContent = text;
    element.className = className;
    return element;
  }

  function choose(sentence, at = 0) {
    clear();
    chosen = sentence;
    chosen.setAttribute("aria-current", "true");
    pane.hidden = false;
    root.classList.add("open");
    weight.textContent = chosen.dataset.weight;
    chips.replaceChildren(...marks().flatMap((mark, at) => [chip(mark, at), " "]));
    show(at);
  }

  function clear() {
    if (chosen) {
      chosen.removeAttribute("aria-current");
      marks().forEach((mark) => mark.removeAttribute("aria-current"));
    }
  }

  function close() {
    clear();
    if (chosen) chosen.focus({ preventScroll: true });
    chosen = null;
    if (wide.matches) {
      passage.replaceChildren(make("p", pane.dataset.empty, "quiet"));
      chips.replaceChildren();
      weight.textContent = "";
    } else {
      pane.hidden = true;
      root.classList.remove("open");
    }
  }

  function chip(mark, at) {
    const key = keyOf(mark);
    const button = make("button", "");
    button.type = "button";
    const { label, date } = sourceOf(key).querySelector(".about").dataset;
    button.append(make("span", key, "key"), " ", make("bdi", label));
    if (date) button.append(" ", make("span", date, "quiet"));
    button.addEventListener("click", () => show(at));
    return button;
  }

  function show(at) {
    const all = marks();
    shown = (at + all.length) % all.length;
    all.forEach((mark, i) => mark.toggleAttribute("aria-current", i === shown));
    [...chips.children].forEach((one, i) => one.setAttribute("aria-pressed", String(i === shown)));
    const key = keyOf(all[shown]);
    const source = sourceOf(key);
    const parts = [".about", ".passages"].map((part) => source.querySelector(part).cloneNode(true));
    const byline = parts[0].querySelector(".byline");
    byline.textContent = byline.dataset.attribution; // a bound of the date is in the list only
    parts[1].querySelectorAll("[id]").forEach((one) => one.removeAttribute("id"));
    const out = byId("n" + key).querySelector(".out");
    if (out) parts[0].append(" ", out.cloneNode(true));
    passage.replaceChildren(...parts);
    highlight(key);
    announce(key, all.length);
  }

  function highlight(key) {
    const found = [...passage.querySelectorAll("mark")].filter((one) =>
      one.dataset.keys.split(" ").includes(key));
    found.forEach((one) => one.classList.add("shown"));
    if (!found.length) return;
    passage.scrollTop = 0; // the source's name stays in view when the words are near it
    const above = found[0].getBoundingClientRect().top - passage.getBoundingClientRect().top;
    if (above > passage.clientHeight * 0.6) passage.scrollTop = above - passage.clientHeight / 4;
  }

  function announce(key, count) {
    const quote = byId("n" + key).querySelector("q").textContent;
    const label = sourceOf(key).querySelector(".about").dataset.label;
    const place = pane.dataset.place.replace("{at}", shown + 1).replace("{total}", count);
    status.textContent = `${place}, ${chosen.dataset.weight}. ${label}: ${quote}`;
  }

  function go(step) {
    const at = chosen ? sentences.indexOf(chosen) + step : step > 0 ? 0 : sentences.length - 1;
    const next = sentences[Math.max(0, Math.min(at, sentences.length - 1))];
    if (!next) return;
    choose(next);
    next.focus({ preventScroll: true });
    next.scrollIntoView({ block: wide.matches ? "nearest" : "start" });
    link(next);
  }

  function uncover(sentence) { // the pane of a phone lies over the lower half
    const covered = sentence.getBoundingClientRect().bottom > pane.getBoundingClientRect().top;
    if (covered && !wide.matches) sentence.scrollIntoView({ block: "start" });
  }

  function link(sentence) {
    history.replaceState(null, "", "#" + sentence.id);
  }

  const keys = {
    ArrowDown: () => go(1),
    j: () => go(1),
    ArrowUp: () => go(-1),
    k: () => go(-1),
    ArrowRight: () => chosen && show(shown + 1),
    ArrowLeft: () => chosen && show(shown - 1),
    Escape: close,
  };

  document.addEventListener("keydown", (event) => {
    const act = keys[event.key];
    const scrolling = event.key.startsWith("Arrow") && passage.contains(event.target);
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (!act || scrolling || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });

  for (const sentence of sentences) {
    sentence.addEventListener("click", (event) => {
      if (String(getSelection())) return;
      const mark = event.target.closest(".marks a");
      if (mark) event.preventDefault();
      choose(sentence, mark ? [...sentence.querySelectorAll(".marks a")].indexOf(mark) : 0);
      link(sentence);
      uncover(sentence);
    });
  }
  byId("close").addEventListener("click", close);

  root.classList.add("js");
  const named = sentences.find((one) => "#" + one.id === location.hash);
  if (named) {
    choose(named);
    named.scrollIntoView({ block: "center" });
  } else if (wide.matches && sentences.length) {
    choose(sentences[0]);
  }
})();
