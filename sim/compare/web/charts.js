// SPDX-License-Identifier: Apache-2.0
// Vega-Lite specifications of the page's charts, made of the report alone. Colours are the page's
// CSS variables, so that a chart follows the page's scheme without being drawn again.
"use strict";
const ternfabCharts = (() => {
  const CAUSES = ["weights", "head", "memory", "engine", "int8", "vector", "dependence", "control"];
  const PARTS = ["embedding", "norms", "q/k/v", "rope", "attention", "o", "gate/up", "activation",
                 "down", "head", "other"];
  const EVIDENCE = {measured: "var(--good)", simulated: "var(--s1)", synthesised: "var(--s3)",
                    modelled: "var(--c-memory)", published: "var(--s2)", given: "var(--faint)"};
  const SERIES = "abcdefghij".split("").map(letter => `var(--c-${letter})`);
  const SIDES = ["var(--s0)", "var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)", "var(--s5)"];

  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';
  const CONFIG = {
    background: "transparent",
    font: FONT,
    view: {stroke: null},
    axis: {
      labelColor: "var(--soft)", titleColor: "var(--soft)", labelFontSize: 11.5,
      titleFontSize: 11.5, titleFontWeight: 400, gridColor: "var(--grid)", domain: false,
      ticks: false, labelPadding: 6, titlePadding: 10, labelLimit: 150,
    },
    legend: {
      labelColor: "var(--soft)", titleColor: "var(--soft)", labelFontSize: 11.5,
      titleFontSize: 11.5, orient: "bottom", symbolType: "circle", symbolSize: 70,
      symbolStrokeWidth: 0, title: null, columnPadding: 14, rowPadding: 4, offset: 12,
    },
    text: {fill: "var(--ink)", font: FONT},
    bar: {cornerRadius: 1},
  };

  /// A number with an SI prefix, as the tables have it.
  function readable(value, unit) {
    if (value === null || value === undefined) return "–";
    const trim = number => {
      if (Number.isInteger(number) && Math.abs(number) < 1e15) {
        return number.toLocaleString("en-US");
      }
      const digits = Math.min(8, Math.max(0, 3 - Math.floor(Math.log10(Math.abs(number)))));
      return number.toLocaleString("en-US",
                                   {minimumFractionDigits: digits, maximumFractionDigits: digits});
    };
    if (!["s", "J", "W", "B", "B/s", "MAC", "MAC/s"].includes(unit)) return `${trim(value)} ${unit}`;
    const small = [[1, ""], [1e-3, "m"], [1e-6, "µ"], [1e-9, "n"], [1e-12, "p"]];
    const large = [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""]];
    const list = ["s", "J", "W"].includes(unit) ? small : large;
    const [factor, prefix] = list.find(([f]) => Math.abs(value) >= f) || list[list.length - 1];
    return `${trim(value / factor)} ${prefix}${unit}`;
  }

  const sides = report => [
    {name: "CPU", json: report.cpu},
    ...report.hardware.map(json => ({name: json.name, json})),
  ];
  const sideColours = report => ({
    domain: sides(report).map(side => side.name),
    range: SIDES.slice(0, sides(report).length),
  });
  const base = height => ({
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: "container",
    height,
    autosize: {type: "fit-x", contains: "padding"},
    config: CONFIG,
  });

  /// Decode rates of all, with the rows of others.
  function rates(report) {
    const rows = [];
    const add = (name, model, figure) => {
      if (figure && figure.value) {
        rows.push({name, model, rate: figure.value, evidence: figure.evidence,
                   label: readable(figure.value, ""), source: figure.source || ""});
      }
    };
    for (const side of sides(report)) add(side.name, report.facts.name, side.json.decode_rate);
    for (const row of report.baselines) add(row.name, row.model, row.figures.decode_rate);
    rows.sort((a, b) => b.rate - a.rate);
    if (!rows.length) return null;
    const names = [...new Set(rows.map(row => row.name))];
    const wide = rows[0].rate > 50 * rows[rows.length - 1].rate;
    const x = {field: "rate", type: "quantitative",
               axis: {title: wide ? "tokens/s, logarithmic" : "tokens/s", tickCount: 5,
                      format: "~s"},
               scale: wide ? {type: "log", nice: true} : {domainMin: 0, nice: true}};
    const mark = wide ? {type: "point", filled: true, size: 95, opacity: 1}
                      : {type: "bar", height: 12, cornerRadiusEnd: 2};
    return {
      ...base(26 * names.length),
      data: {values: rows},
      encoding: {y: {field: "name", type: "nominal", sort: names,
                     axis: {title: null, grid: wide, labelLimit: 180}}},
      layer: [
        {
          mark,
          encoding: {
            x,
            color: {field: "evidence", type: "nominal",
                    scale: {domain: Object.keys(EVIDENCE), range: Object.values(EVIDENCE)},
                    legend: {values: [...new Set(rows.map(row => row.evidence))]}},
            tooltip: [{field: "name", title: "side"}, {field: "label", title: "tokens/s"},
                      {field: "model"}, {field: "evidence"}, {field: "source"}],
          },
        },
        {
          mark: {type: "text", align: "left", dx: wide ? 10 : 6, fontSize: 11.5},
          encoding: {x, text: {field: "label"}},
        },
      ],
    };
  }

  /// Cycles of a token by part and cause.
  function cycles(report, index) {
    const side = report.hardware[index];
    const total = side.causes.all.value;
    const rows = [];
    for (const [part, causes] of Object.entries(side.limits)) {
      for (const [cause, figure] of Object.entries(causes)) {
        if (cause === "all") continue;
        rows.push({part, cause, cycles: figure.value, share: figure.value / total,
                   label: readable(figure.value, "cycles"),
                   rank: CAUSES.indexOf(cause)});
      }
    }
    const parts = PARTS.filter(part => part in side.limits);
    const causes = CAUSES.filter(cause => cause in side.causes);
    return {
      ...base(22 * parts.length),
      data: {values: rows},
      mark: {type: "bar", height: 14},
      encoding: {
        y: {field: "part", type: "nominal", sort: parts, axis: {title: null}},
        x: {field: "share", type: "quantitative",
            axis: {title: "share of the token’s cycles", format: ".0%", tickCount: 6}},
        color: {field: "cause", type: "nominal",
                scale: {domain: causes, range: causes.map(cause => `var(--c-${cause})`)}},
        order: {field: "rank", type: "quantitative"},
        tooltip: [{field: "part"}, {field: "cause"}, {field: "label", title: "a token"},
                  {field: "share", format: ".2%"}],
      },
    };
  }

  /// Joules of a token by part; where only a total is known, that.
  function energy(report) {
    const rows = [];
    const add = (name, figures) => {
      const parts = Object.entries(figures.parts);
      for (const [part, figure] of parts.length ? parts : [["total", figures.total]]) {
        if (figure.value === null) continue;
        rows.push({name, part, joules: figure.value, evidence: figure.evidence,
                   label: readable(figure.value, "J")});
      }
    };
    for (const side of sides(report)) add(side.name, side.json.energy_per_token);
    for (const row of report.baselines) {
      if (row.figures.energy_per_token) {
        add(row.name, {parts: {}, total: row.figures.energy_per_token});
      }
    }
    if (!rows.length) return null;
    const parts = [...new Set(rows.map(row => row.part))];
    return {
      ...base(26 * new Set(rows.map(row => row.name)).size),
      data: {values: rows},
      mark: {type: "bar", height: 14},
      encoding: {
        y: {field: "name", type: "nominal", sort: null, axis: {title: null}},
        x: {field: "joules", type: "quantitative", axis: {title: "joules a token", tickCount: 6}},
        color: {field: "part", type: "nominal", scale: {domain: parts, range: SERIES}},
        order: {field: "part", type: "nominal", sort: parts},
        tooltip: [{field: "name", title: "side"}, {field: "part"}, {field: "label", title: "a token"},
                  {field: "evidence"}],
      },
    };
  }

  /// Each side's roof and its decode step below it.
  function roofline(report) {
    const points = [];
    const roofs = [];
    for (const {name, json} of sides(report)) {
      const r = json.roofline;
      const rate = json.decode_rate.value;
      if (!r.bandwidth.value || !r.compute.value || !r.bytes_per_token.value || !rate) continue;
      const intensity = r.macs_per_token.value / r.bytes_per_token.value;
      const reached = r.macs_per_token.value * rate;
      const ridge = r.compute.value / r.bandwidth.value;
      points.push({name, intensity, reached, label: readable(reached, "MAC/s"),
                   share: r.bandwidth_share.value});
      const first = Math.min(0.25, intensity / 2);
      const last = Math.max(64, ridge * 2);
      for (const x of [first, ridge, last]) {
        roofs.push({name, x, y: Math.min(x * r.bandwidth.value, r.compute.value)});
      }
    }
    if (!points.length) return null;
    const colour = {field: "name", type: "nominal", scale: sideColours(report)};
    const x = {type: "quantitative", scale: {type: "log"},
               axis: {title: "multiplications a byte of memory", grid: true, tickCount: 6,
                      format: "~s"}};
    const y = {type: "quantitative", scale: {type: "log"},
               axis: {title: "multiplications/s", format: "~s", tickCount: 6}};
    return {
      ...base(300),
      layer: [
        {
          data: {values: roofs},
          mark: {type: "line", strokeWidth: 1.5, opacity: 0.8},
          encoding: {x: {...x, field: "x"}, y: {...y, field: "y"}, color: colour},
        },
        {
          data: {values: points},
          mark: {type: "point", filled: true, size: 110, opacity: 1},
          encoding: {
            x: {...x, field: "intensity"}, y: {...y, field: "reached"}, color: colour,
            tooltip: [{field: "name", title: "side"}, {field: "label", title: "reached"},
                      {field: "share", title: "of the bandwidth", format: ".1%"}],
          },
        },
      ],
    };
  }

  /// Instructions of one layer on their units.
  function timeline(report, index) {
    const {layer, clock} = report.hardware[index];
    const microseconds = cycle => cycle / clock.given.value;
    const rows = layer.name.map((name, i) => ({
      name, unit: layer.unit[i], part: layer.part[i],
      begin: microseconds(layer.begin.values[i]), end: microseconds(layer.end.values[i]),
      cycles: `${layer.begin.values[i]} to ${layer.end.values[i]}`,
    }));
    const parts = PARTS.filter(part => layer.part.includes(part));
    return {
      ...base(34 * new Set(layer.unit).size),
      data: {values: rows},
      mark: {type: "rect", height: 22, opacity: 1},
      encoding: {
        y: {field: "unit", type: "nominal", sort: ["ternary", "int8", "vector"],
            axis: {title: null}},
        x: {field: "begin", type: "quantitative", axis: {title: "µs", tickCount: 8},
            scale: {nice: false}},
        x2: {field: "end"},
        color: {field: "part", type: "nominal",
                scale: {domain: parts, range: parts.map(part => SERIES[PARTS.indexOf(part) % 10])}},
        tooltip: [{field: "name", title: "instruction"}, {field: "unit"}, {field: "part"},
                  {field: "cycles"}],
      },
    };
  }

  /// Latency of a decode step at several contexts.
  function contexts(report) {
    const rows = report.hardware.flatMap(side => side.contexts.context.values.map((context, i) => ({
      name: side.name, context, ms: side.contexts.latency.values[i] * 1e3,
      label: readable(side.contexts.latency.values[i], "s"),
    })));
    const colours = sideColours(report);
    return {
      ...base(240),
      data: {values: rows},
      mark: {type: "line", point: {size: 45, filled: true}, strokeWidth: 2},
      encoding: {
        x: {field: "context", type: "quantitative", scale: {type: "log", base: 2},
            axis: {title: "tokens in the context", tickCount: 8, format: "~s"}},
        y: {field: "ms", type: "quantitative", axis: {title: "ms a token", tickCount: 5},
            scale: {domainMin: 0}},
        color: {field: "name", type: "nominal",
                scale: {domain: colours.domain.slice(1), range: colours.range.slice(1)}},
        tooltip: [{field: "name", title: "side"}, {field: "context"},
                  {field: "label", title: "latency"}],
      },
    };
  }

  /// Whether each layer's instructions had the CPU's results.
  function checks(report) {
    const rows = report.hardware.flatMap(side => side.check.layers.map(layer => ({
      name: side.name, layer: layer.layer < 0 ? "rest" : String(layer.layer),
      instructions: layer.instructions, mismatches: layer.mismatches,
      state: layer.mismatches ? "differs" : "equal",
    })));
    const layers = [...new Set(rows.map(row => row.layer))];
    return {
      ...base(30 * new Set(rows.map(row => row.name)).size),
      data: {values: rows},
      mark: {type: "rect", height: 22, opacity: 1, cornerRadius: 2, stroke: "var(--paper)", strokeWidth: 2},
      encoding: {
        y: {field: "name", type: "nominal", sort: null, axis: {title: null}},
        x: {field: "layer", type: "ordinal", sort: layers,
            axis: {title: "layer", labelAngle: 0, labelOverlap: true}},
        color: {field: "state", type: "nominal",
                scale: {domain: ["equal", "differs"], range: ["var(--good)", "var(--bad)"]}},
        tooltip: [{field: "name", title: "design"}, {field: "layer"}, {field: "instructions"},
                  {field: "mismatches"}],
      },
    };
  }

  return {rates, cycles, energy, roofline, timeline, contexts, checks};
})();
