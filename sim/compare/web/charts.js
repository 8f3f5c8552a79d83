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
  const SERIES = "abcdefghijklm".split("").map(letter => `var(--c-${letter})`);
  const SIDES = ["var(--s0)", "var(--s1)", "var(--s2)", "var(--s3)", "var(--s4)", "var(--s5)"];
  // Parts of energies, of all modes; a part has the same colour in every bar.
  const ENERGIES = ["arithmetic", "rest of package", "memory access", "memory background",
                    "processors", "leakage", "clock", "logic", "block RAM", "UltraRAM",
                    "multipliers", "memory interface", "memory"];

  const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif';
  const CONFIG = {
    background: "transparent",
    font: FONT,
    view: {stroke: null},
    axis: {
      labelColor: "var(--soft)", titleColor: "var(--soft)", labelFontSize: 11.5,
      titleFontSize: 11.5, titleFontWeight: 400, gridColor: "var(--grid)", domain: false,
      ticks: false, labelPadding: 6, titlePadding: 10, labelLimit: 190,
    },
    legend: {disable: true},
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
  const sideScale = report => ({
    domain: sides(report).map(side => side.name),
    range: sides(report).map((_, i) => SIDES[i % SIDES.length]),
  });
  /// `scale`: of the colours; what of it is in `used` stands above the chart.
  const base = (height, scale, used = scale.domain) => ({
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    width: "container",
    height,
    autosize: {type: "fit-x", contains: "padding"},
    config: CONFIG,
    usermeta: {keys: scale.domain.map((label, i) => ({label, colour: scale.range[i]}))
                         .filter(key => used.includes(key.label))},
  });
  /// Powers of ten round the values, and an axis that has lines at these alone.
  const decades = values => {
    const from = Math.floor(Math.log10(Math.min(...values)) + 1e-9);
    const to = Math.max(from + 1, Math.ceil(Math.log10(Math.max(...values)) - 1e-9));
    return Array.from({length: to - from + 1}, (_, i) => Number(`1e${from + i}`));
  };
  const logarithmic = (values, title, format, unit = "") => ({
    type: "quantitative",
    scale: {type: "log", domain: [values[0], values[values.length - 1]], nice: false},
    axis: {title, values, labelExpr: `format(datum.value, '${format}') + '${unit}'`, grid: true},
  });

  /// A point for each row {name, value, label, model, evidence, source}: all sides and the rows of
  /// others, by evidence.
  function dots(report, width, rows, title, unit) {
    if (!rows.length) return null;
    const count = {};
    for (const row of rows) count[row.name] = (count[row.name] || 0) + 1;
    const wide = width > 640;
    const shown = rows.map(row => ({
      ...row,
      key: count[row.name] > 1 && row.system ? `${row.name}, ${row.system}` : row.name,
      text: wide && row.model !== report.facts.name ? `${row.label} · ${row.model}` : row.label,
    }));
    const values = decades(rows.map(row => row.value));
    const span = Math.log10(values[values.length - 1] / values[0]);
    for (const row of shown) row.late = Math.log10(row.value / values[0]) / span > 0.6;
    const evidences = {domain: Object.keys(EVIDENCE), range: Object.values(EVIDENCE)};
    const x = {field: "value", ...logarithmic(values, title, "~s", unit)};
    const label = (late, align, dx) => ({
      transform: [{filter: {field: "late", equal: late}}],
      mark: {type: "text", align, dx, fontSize: 11.5},
      encoding: {x, text: {field: "text"}},
    });
    return {
      ...base(26 * shown.length, evidences, rows.map(row => row.evidence)),
      data: {values: shown},
      encoding: {y: {field: "key", type: "nominal", sort: shown.map(row => row.key),
                     axis: {title: null, grid: true, labelLimit: wide ? 260 : 130}}},
      layer: [
        {
          mark: {type: "point", filled: true, size: 95, opacity: 1},
          encoding: {
            x,
            color: {field: "evidence", type: "nominal", scale: evidences},
            tooltip: [{field: "name", title: "side"}, {field: "label", title}, {field: "model"},
                      {field: "system"}, {field: "evidence"}, {field: "source"}],
          },
        },
        label(false, "left", 10), label(true, "right", -10),
      ],
    };
  }

  /// Rows for `dots`: of our own sides, and of others that have a figure.
  function everybody(report, own, others) {
    const rows = [];
    const add = (name, system, model, figure) => {
      if (figure && figure.value) {
        rows.push({name, system, model, value: figure.value, evidence: figure.evidence,
                   label: readable(figure.value, figure.unit === "J" ? "J" : "").trim(),
                   source: figure.source || ""});
      }
    };
    for (const {name, json} of sides(report)) {
      add(name, json.design || json.name, report.facts.name, own(json));
    }
    for (const row of report.baselines) add(row.name, row.system, row.model, others(row.figures));
    return rows;
  }

  /// Decode rates of all, with the rows of others.
  function rates(report, index, width) {
    const rows = everybody(report, json => json.decode_rate, figures => figures.decode_rate);
    rows.sort((a, b) => b.value - a.value);
    return dots(report, width, rows, "tokens/s, logarithmic", "");
  }

  /// Joules of a token of all, with the rows of others.
  function joules(report, index, width) {
    const whole = ["fpga", "RAPL", "CPU model"];  // the other modes are not of whole machines
    const rows = everybody(report, ({energy_per_token: {mode, total}}) => whole.includes(mode) && total,
                           figures => figures.energy_per_token);
    rows.sort((a, b) => a.value - b.value);
    return dots(report, width, rows, "joules a token, logarithmic", "J");
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
    const colours = {domain: causes, range: causes.map(cause => `var(--c-${cause})`)};
    return {
      ...base(22 * parts.length, colours),
      data: {values: rows},
      mark: {type: "bar", height: 14},
      encoding: {
        y: {field: "part", type: "nominal", sort: parts, axis: {title: null}},
        x: {field: "share", type: "quantitative",
            axis: {title: "share of the token’s cycles", format: ".0%", tickCount: 6}},
        color: {field: "cause", type: "nominal", scale: colours},
        order: {field: "rank", type: "quantitative"},
        tooltip: [{field: "part"}, {field: "cause"}, {field: "label", title: "a token"},
                  {field: "share", format: ".2%"}],
      },
    };
  }

  /// Parts of each side's joules a token, as shares of its own total.
  function energy(report) {
    const rows = [];
    for (const {name, json} of sides(report)) {
      const {total, parts} = json.energy_per_token;
      for (const [part, figure] of Object.entries(parts)) {
        rows.push({side: `${name}\n${readable(total.value, "J")}`, name, part,
                   share: figure.value / total.value, label: readable(figure.value, "J"),
                   evidence: figure.evidence, source: figure.source || ""});
      }
    }
    if (!rows.length) return null;
    const named = [...new Set(rows.map(row => row.part))];
    const parts = [...ENERGIES.filter(part => named.includes(part)),
                   ...named.filter(part => !ENERGIES.includes(part))];
    for (const row of rows) row.rank = parts.indexOf(row.part);
    const colours = {domain: parts, range: parts.map((part, i) => {
      const known = ENERGIES.indexOf(part);
      return SERIES[(known < 0 ? i : known) % SERIES.length];
    })};
    return {
      ...base(44 * new Set(rows.map(row => row.side)).size, colours),
      data: {values: rows},
      mark: {type: "bar", height: 24},
      encoding: {
        y: {field: "side", type: "nominal", sort: null,
            axis: {title: null, labelExpr: "split(datum.label, '\\n')", labelLineHeight: 14}},
        x: {field: "share", type: "quantitative", scale: {domain: [0, 1]},
            axis: {title: "share of the side’s joules a token", format: ".0%", tickCount: 5}},
        color: {field: "part", type: "nominal", scale: colours},
        order: {field: "rank", type: "quantitative"},
        tooltip: [{field: "name", title: "side"}, {field: "part"}, {field: "label", title: "a token"},
                  {field: "share", format: ".1%"}, {field: "evidence"}, {field: "source"}],
      },
    };
  }

  /// Each side's roof and its decode step below it.
  function roofline(report) {
    const HEIGHT = 320;
    const points = [];
    const roofs = [];
    for (const {name, json} of sides(report)) {
      const r = json.roofline;
      const rate = json.decode_rate.value;
      if (!r.bandwidth.value || !r.compute.value || !r.bytes_per_token.value || !rate) continue;
      const intensity = r.macs_per_token.value / r.bytes_per_token.value;
      const reached = r.macs_per_token.value * rate;
      const ridge = r.compute.value / r.bandwidth.value;
      const share = r.bandwidth_share.value;
      points.push({name, intensity, reached, label: readable(reached, "MAC/s"), share,
                   title: `${name} ${(100 * share).toFixed(1)}%`});
      const first = Math.min(0.2, intensity / 2);
      const last = Math.max(64, ridge * 2);
      for (const x of [first, ridge, last]) {
        roofs.push({name, x, y: Math.min(x * r.bandwidth.value, r.compute.value)});
      }
    }
    if (!points.length) return null;
    const colours = sideScale(report);
    const colour = {field: "name", type: "nominal", scale: colours};
    const all = [...roofs, ...points.map(({intensity, reached}) => ({x: intensity, y: reached}))];
    const x = logarithmic(decades(all.map(point => point.x)), "multiplications a byte of memory",
                          "~g");
    const y = logarithmic(decades(all.map(point => point.y)), "multiplications/s", "~s");
    const at = {x: {...x, field: "intensity"}, y: {...y, field: "reached"}};
    // Labels of points that lie close together stand below each other.
    const line = 10 ** (13 / (HEIGHT / (y.axis.values.length - 1)));
    points.sort((a, b) => b.reached - a.reached);
    for (const point of points) point.label_at = point.reached;
    for (let i = 1; i < points.length; ++i) {
      for (const above of points.slice(0, i)) {
        const near = Math.abs(Math.log10(points[i].intensity / above.intensity)) < 0.6;
        const lowest = above.label_at / line;
        if (near && points[i].label_at > lowest) points[i].label_at = lowest;
      }
    }
    return {
      ...base(HEIGHT, colours, points.map(point => point.name)),
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
            ...at, color: colour,
            tooltip: [{field: "name", title: "side"}, {field: "label", title: "reached"},
                      {field: "share", title: "of the bandwidth", format: ".1%"}],
          },
        },
        ...[{stroke: "var(--paper)", strokeWidth: 4}, {}].map(halo => ({
          data: {values: points},
          mark: {type: "text", align: "left", baseline: "top", dx: 9, dy: 3, fontSize: 11.5, ...halo},
          encoding: {...at, y: {...y, field: "label_at"}, text: {field: "title"}},
        })),
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
    const colours = {domain: parts, range: parts.map(part => SERIES[PARTS.indexOf(part) % 10])};
    return {
      ...base(34 * new Set(layer.unit).size, colours),
      data: {values: rows},
      mark: {type: "rect", height: 22, opacity: 1},
      encoding: {
        y: {field: "unit", type: "nominal", sort: ["ternary", "int8", "vector"],
            axis: {title: null}},
        x: {field: "begin", type: "quantitative", axis: {title: "µs", tickCount: 8},
            scale: {nice: false}},
        x2: {field: "end"},
        color: {field: "part", type: "nominal", scale: colours},
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
    const colours = sideScale(report);
    return {
      ...base(240, colours, rows.map(row => row.name)),
      data: {values: rows},
      mark: {type: "line", point: {size: 45, filled: true}, strokeWidth: 2},
      encoding: {
        x: {field: "context", type: "quantitative", scale: {type: "log", base: 2},
            axis: {title: "tokens in the context", tickCount: 8, format: ",d"}},
        y: {field: "ms", type: "quantitative", axis: {title: "ms a token", tickCount: 5},
            scale: {domainMin: 0}},
        color: {field: "name", type: "nominal", scale: colours},
        tooltip: [{field: "name", title: "side"}, {field: "context"},
                  {field: "label", title: "latency"}],
      },
    };
  }

  /// Whether each layer's instructions had the CPU's results.
  function checks(report, index, width) {
    const rows = report.hardware.flatMap(side => side.check.layers.map(layer => ({
      name: side.name, layer: layer.layer < 0 ? "rest" : String(layer.layer),
      instructions: layer.instructions, mismatches: layer.mismatches,
      state: layer.mismatches ? "differs" : layer.instructions ? "equal" : "not compared",
      text: `${readable(layer.instructions, "")}${layer.mismatches ? " ≠" : ""}`,
    })));
    if (!rows.length) return null;
    const layers = [...new Set(rows.map(row => row.layer))];
    const colours = {domain: ["equal", "differs", "not compared"],
                     range: ["var(--good)", "var(--bad)", "var(--grid)"]};
    const cells = {
      mark: {type: "rect", height: 26, opacity: 1, cornerRadius: 2, stroke: "var(--paper)",
             strokeWidth: 2},
      encoding: {
        color: {field: "state", type: "nominal", scale: colours},
        tooltip: [{field: "name", title: "design"}, {field: "layer"}, {field: "state"},
                  {field: "instructions"}, {field: "mismatches"}],
      },
    };
    const counts = {
      mark: {type: "text", fontSize: 10.5, fill: "var(--paper)"},
      encoding: {text: {field: "text"}},
    };
    return {
      ...base(34 * new Set(rows.map(row => row.name)).size, colours, rows.map(row => row.state)),
      data: {values: rows},
      encoding: {
        y: {field: "name", type: "nominal", sort: null, axis: {title: null}},
        x: {field: "layer", type: "ordinal", sort: layers,
            axis: {title: "layer; instructions compared", labelAngle: 0, labelOverlap: true}},
      },
      layer: width / layers.length > 52 ? [cells, counts] : [cells],
    };
  }

  return {rates, cycles, energy, joules, roofline, timeline, contexts, checks};
})();
