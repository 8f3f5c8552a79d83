// SPDX-License-Identifier: Apache-2.0
// Draws the charts, shows the source of a figure under the pointer, opens the tables for a printer.
"use strict";
(() => {
  const report = JSON.parse(document.getElementById("report").textContent);
  const options = {actions: false, renderer: "svg", mode: "vega-lite", tooltip: {theme: "custom"}};

  /// What the chart's colours mean: an HTML list, which wraps on a phone as a legend in a chart does
  /// not.
  function keysOf(spec) {
    const list = document.createElement("ul");
    list.className = "keys";
    for (const {label, colour} of spec.usermeta.keys) {
      const item = document.createElement("li");
      item.style.setProperty("--key", colour);
      item.textContent = label;
      list.append(item);
    }
    return list;
  }

  /// `data-drawn` says how it went: "yes", "empty", or the error.
  async function draw(element) {
    const {chart, side} = element.dataset;
    try {
      const spec = ternfabCharts[chart](report, Number(side || 0), element.clientWidth);
      if (spec === null) {
        element.textContent = "Nothing to draw: the figures are missing.";
        element.dataset.drawn = "empty";
        return;
      }
      element.before(keysOf(spec));
      await vegaEmbed(element, spec, options);
      element.dataset.drawn = "yes";
    } catch (error) {
      element.dataset.drawn = String(error);
      console.error(`chart ${chart}: ${error}`);
    }
  }

  function explainFigures() {
    const tip = document.getElementById("tip");
    const hide = () => { tip.hidden = true; };
    const show = figure => {
      tip.textContent = figure.dataset.source;
      tip.hidden = false;
      const at = figure.getBoundingClientRect();
      const box = tip.getBoundingClientRect();
      const left = Math.min(Math.max(12, at.left), innerWidth - box.width - 12);
      const below = at.bottom + 8 + box.height < innerHeight;
      tip.style.left = `${left}px`;
      tip.style.top = `${below ? at.bottom + 8 : at.top - box.height - 8}px`;
    };
    for (const figure of document.querySelectorAll(".fig")) {
      figure.dataset.source = figure.title;  // without scripts the title is shown
      figure.setAttribute("aria-description", figure.title);
      figure.removeAttribute("title");
      figure.addEventListener("pointerenter", () => show(figure));
      figure.addEventListener("focus", () => show(figure));
      figure.addEventListener("pointerleave", hide);
      figure.addEventListener("blur", hide);
    }
    addEventListener("scroll", hide, {passive: true});
  }

  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll("section details")) details.open = true;
  });
  explainFigures();
  Promise.all([...document.querySelectorAll(".chart")].map(draw)).then(() => {
    document.documentElement.dataset.ready = "yes";
  });
})();
