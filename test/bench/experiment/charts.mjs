// The experiment's two pictures, drawn by the product's own charts in colours that read on white and on black.
import { drawBars } from "../../../dist/measure/page/charts.js";

const PALETTE = { ink: "#7a828c", line: "#c9ccd155" };
const COLORS = { direct: "#d2673d", deferred: "#b8922a", toolgrove: "#3a9470" };
const WAYS = ["direct", "deferred", "toolgrove"];

/** File name → SVG. */
export function drawCharts({ counts }) {
  const labels = counts.discovery.map(({ tools }) => `${tools} tools`);
  const before = WAYS.map((way) => ({
    name: way,
    color: COLORS[way],
    values: counts.discovery.map((row) => row[way].beforeFirstCall),
  }));
  const updates = WAYS.map((way) => ({
    name: way,
    color: COLORS[way],
    values: counts.updates.map((row) => contextOf(row, counts)[way]),
  }));
  const draw = (series, names) =>
    `${drawBars({ series, labels: names, width: 860, isLogarithmic: true }, PALETTE)}\n`;
  return {
    "experiment-discovery.svg": draw(before, labels),
    "experiment-updates.svg": draw(
      updates,
      counts.updates.map(({ records }) => `${records} records`),
    ),
  };
}

/** Tokens in the context at the end of a find-and-update, definitions included. */
export function contextOf(
  { direct, code },
  { discovery, toolgrove, memoryDeferred, memoryFound, memorySearchAndRead },
) {
  const made = direct.arguments + direct.results;
  return {
    direct: discovery[0].direct.standing + made,
    deferred: memoryDeferred + 15 + memoryFound + made,
    toolgrove: toolgrove + memorySearchAndRead + code.arguments + code.results,
  };
}
