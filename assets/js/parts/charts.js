import {
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";

Chart.register(
  BarController,
  BarElement,
  CategoryScale,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

// Series differ in colour, in dash and in the shape of their points.
const LINE_COLOURS = ["--accent", "--amber", "--alarm", "--line-strong", "--ink"];
const BAR_COLOURS = ["--accent", "--dawn"];
const DASHES = [[], [8, 4], [2, 3], [12, 4, 2, 4], [4, 4]];
const POINTS = ["circle", "rectRot", "triangle", "rect", "crossRot"];
const FILL = { borderWidth: 1, borderRadius: 3, maxBarThickness: 26, pointStyle: "rect" };
const ROW_HEIGHT = 30; // CSS pixels of one horizontal bar

/**
 * Draws a chart into every `[data-chart]` from the table that it names: one series for each heading with
 * `data-series`, one point for each row but the totals. The table stays; without JavaScript it is all there is.
 */
export function drawCharts(root) {
  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
  Chart.defaults.font.size = 14;
  const charts = [...root.querySelectorAll("[data-chart]")].map(draw);
  window.addEventListener("beforeprint", () => charts.forEach((chart) => chart.resize()));
  window.addEventListener("afterprint", () => charts.forEach((chart) => chart.resize()));
}

function draw(box) {
  const { chart: kind, table, unit, title } = box.dataset;
  const { labels, series } = read(document.getElementById(table));
  const canvas = document.createElement("canvas");
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Chart of ${series.map((one) => one.label).join(", ")}. ${title}: the table has the same figures.`);
  box.hidden = false;
  if (kind === "bars") box.style.height = `${labels.length * series.length * ROW_HEIGHT * 0.8 + labels.length * 8 + 80}px`;
  box.append(canvas);
  return new Chart(canvas, settings(kind, unit, labels, series));
}

function read(table) {
  const headings = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows].filter((row) => !row.classList.contains("figures__total"));
  const charted = headings.map((heading, index) => ({ heading, index })).filter(({ heading }) => heading.dataset.series);
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    series: charted.map(({ heading, index }) => ({
      label: heading.dataset.series,
      data: rows.map((row) => number(row.cells[index], "beside" in heading.dataset ? "beside" : "value")),
      words: rows.map((row) => row.cells[index].textContent.trim().replace(/\s+/, ", ")),
    })),
  };
}

function number(cell, name) {
  return cell.dataset[name] === "" ? null : Number(cell.dataset[name]);
}

function settings(kind, unit, labels, series) {
  const isBars = kind !== "lines";
  const values = kind === "bars" ? "x" : "y";
  return {
    type: isBars ? "bar" : "line",
    data: { labels, datasets: series.map((one, index) => (isBars ? bars(one, index) : line(one, index))) },
    options: {
      indexAxis: kind === "bars" ? "y" : "x",
      animation: false,
      responsive: true,
      maintainAspectRatio: false,
      interaction: { mode: "index", axis: kind === "bars" ? "y" : "x", intersect: false },
      color: token("--ink"),
      scales: {
        [values]: valueScale(unit),
        [values === "x" ? "y" : "x"]: {
          grid: { display: false },
          border: { color: token("--line-strong") },
          ticks: { color: token("--ink"), autoSkip: kind !== "bars" },
        },
      },
      plugins: {
        legend: { display: series.length > 1, align: "start", labels: { usePointStyle: true, color: token("--ink") } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${series[item.datasetIndex].words[item.dataIndex]}` } },
      },
    },
  };
}

function valueScale(unit) {
  const whole = unit === "%" ? { max: 100 } : {};
  return {
    beginAtZero: true,
    ...whole,
    grid: { color: token("--line") },
    border: { display: false },
    ticks: { color: token("--ink-soft"), precision: 0, callback: (value) => `${value.toLocaleString("en-GB")}${unit}` },
  };
}

function bars({ label, data }, index) {
  return { label, data, ...FILL, backgroundColor: token(BAR_COLOURS[index]), borderColor: token("--ink-soft") };
}

function line({ label, data }, index) {
  const colour = token(LINE_COLOURS[index]);
  return {
    label,
    data,
    borderColor: colour,
    backgroundColor: colour,
    borderDash: DASHES[index],
    pointStyle: POINTS[index],
    pointRadius: 4,
    borderWidth: 2,
    tension: 0,
    spanGaps: false,
  };
}

function token(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}
