// Puts a chart that answers to the mouse in the place of each picture of days. Without this file the pictures stay.
"use strict";
(() => {
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const day = (s) => new Date(s * 1000).toISOString().slice(0, 10);
  const drawn = new Map();

  const options = (data, wide) => ({
    width: wide,
    height: 150,
    tzDate: (s) => uPlot.tzDate(new Date(s * 1000), "Etc/UTC"),
    cursor: { y: false, drag: { x: false, y: false } },
    scales: { x: { time: true }, y: { range: (u, low, high) => (data.bars ? [0, Math.max(high, 1)] : [Math.max(0, Math.floor(low - 1)), Math.min(100, Math.ceil(high + 1))]) } },
    axes: [
      { stroke: colour("--soft"), grid: { show: false }, ticks: { stroke: colour("--rule") }, values: (u, all) => all.map((s) => day(s).slice(5)) },
      { stroke: colour("--soft"), grid: { stroke: colour("--rule") }, ticks: { show: false }, size: 56, values: (u, all) => all.map((v) => v + data.unit) },
    ],
    series: [
      { label: "Day", value: (u, v) => (v == null ? "–" : day(v)) },
      {
        label: data.name,
        stroke: colour("--bar"),
        fill: data.bars ? colour("--bar") : undefined,
        width: 2,
        points: { show: false },
        paths: data.bars ? uPlot.paths.bars({ size: [0.8, 40] }) : undefined,
        value: (u, v) => (v == null ? "–" : (data.bars ? v : v.toFixed(1)) + data.unit),
      },
    ],
  });

  const draw = (box) => {
    const old = drawn.get(box);
    if (old) old.destroy();
    const data = JSON.parse(box.dataset.chart);
    box.querySelector("svg")?.setAttribute("hidden", "");
    drawn.set(box, new uPlot(options(data, box.clientWidth), [data.x, data.y], box));
  };
  const all = () => {
    for (const [box, chart] of drawn) {
      if (!box.isConnected) {
        chart.destroy();
        drawn.delete(box);
      }
    }
    document.querySelectorAll("[data-chart]").forEach((box) => { if (!drawn.has(box)) draw(box); });
  };

  all();
  document.addEventListener("htmx:after:swap", all);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => drawn.forEach((_, box) => draw(box)));
  addEventListener("resize", () => drawn.forEach((chart, box) => chart.setSize({ width: box.clientWidth, height: 150 })));
})();
