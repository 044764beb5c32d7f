"use strict";
(() => {
  const byId = (id) => document.getElementById(id);

  const copy = byId("copy");
  if (copy && navigator.clipboard) {
    copy.textContent = "Copy as Markdown";
    copy.addEventListener("click", async (event) => {
      event.preventDefault();
      const said = byId("copied");
      try {
        const answer = await fetch(copy.href);
        if (!answer.ok) throw new Error(answer.statusText);
        await navigator.clipboard.writeText(await answer.text());
        said.textContent = "Copied, with its citations.";
      } catch {
        said.textContent = "It could not be copied; the link opens it.";
        copy.replaceWith(Object.assign(copy.cloneNode(true), { textContent: "Markdown" }));
      }
    });
  }

  const more = byId("more");
  if (more) {
    more.hidden = false;
    more.addEventListener("click", () => {
      const all = byId("texts").children;
      const next = all[0].cloneNode(true);
      const [label, area] = [next.querySelector("label"), next.querySelector("textarea")];
      label.htmlFor = area.id = "text" + (all.length + 1);
      area.value = "";
      byId("texts").append(next);
      area.focus();
    });
  }

  const job = byId("job");
  if (job && !job.dataset.ended) {
    const [heading, state, problem, result, cost, steps, cancel, broken] =
      ["heading", "state", "problem", "result", "cost", "steps", "cancel", "broken"].map(byId);
    const source = new EventSource(job.dataset.events);
    const seen = Number(job.dataset.after);
    const line = (text) => {
      const item = document.createElement("li");
      item.textContent = text;
      steps.append(item);
    };
    const tell = {
      step: (data) => line(data.items > 1 ? `${data.step} (${data.items})` : data.step),
      source: (data) => line(`${data.source}: ${data.problem}`),
      call: (data) => {
        const price = data.unpriced ? "price unknown" : `$${data.cost_usd.toFixed(4)}`;
        cost.textContent = `${data.calls} calls, ${data.cached} from the cache, ${price}`;
      },
      state: (data) => {
        state.textContent = data.state;
        heading.textContent = job.dataset[data.state];
        if (!["done", "failed", "cancelled"].includes(data.state)) return;
        source.close();
        cancel.hidden = true;
        if (data.problem) {
          problem.textContent = data.problem;
          problem.hidden = false;
        }
        if (data.result) {
          result.querySelector("a").href = `/briefings/${data.result}`;
          result.hidden = false;
          location.replace(`/briefings/${data.result}`);
        }
      },
    };
    for (const kind of Object.keys(tell)) {
      source.addEventListener(kind, (event) => {
        const { number, data } = JSON.parse(event.data);
        if (number > seen) tell[kind](data);
      });
    }
    source.addEventListener("error", () => { // refused, and not tried again by itself
      if (source.readyState !== EventSource.CLOSED) return;
      broken.hidden = false;
      setTimeout(() => location.reload(), 5000);
    });
    cancel.addEventListener("submit", async (event) => {
      event.preventDefault();
      cancel.querySelector("button").disabled = true;
      await fetch(cancel.action, { method: "POST" });
    });
  }
})();
