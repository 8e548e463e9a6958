// The report as one page that can be sent to somebody: no script, no request, light and dark. Every figure on it is a figure of
// the report, which is why each carries the path of its key.
import { figure, sentences, verdict } from "../report-text.ts";
import type { CostRow, MeasureReport, ServerRow } from "../report.ts";
import type { Way } from "../costs.ts";
import type { ChartSpec, Series } from "./charts.ts";
import { STYLE } from "./style.ts";

/** Draws charts; see charts.ts. */
interface Drawing {
  readonly drawBars: (spec: ChartSpec) => string;
}

const WAYS: readonly { readonly way: Way; readonly name: string; readonly how: string }[] = [
  { way: "direct", name: "Direct", how: "every definition from the start, as Codex and Gemini CLI do" },
  {
    way: "deferred",
    name: "Deferred",
    how: "names first, then the client’s own tool search, as Claude Code does",
  },
  { way: "toolgrove", name: "Toolgrove", how: "three definitions, then search, read and one program" },
];
const MOST_BARS = 12;
const WIDE = 860;
const NARROW = 340;

/** The page as HTML. Loading the chart library takes about 100 ms. */
export async function measurePage(report: MeasureReport): Promise<string> {
  const drawing = await import("./charts.ts");
  const { all, servers, tools } = report;
  const body = [
    `<header><p class="mark">Toolgrove · measure</p><h1>What ${figure(tools)} tools cost before any work</h1>`,
    `<p class="lead">${escapeHtml(verdict(all))}</p></header>`,
    cards(report),
    section("Before any work", "Tokens in the context when a session starts, all servers connected.", [
      twoWidths(
        drawing,
        ["All servers"],
        WAYS.map(({ way }) => [all.standing[way]]),
      ),
      standingTable(report),
    ]),
    section("A whole task", taskNote(report), [
      twoWidths(
        drawing,
        all.tasks.map(({ calls }) => `${calls} call${calls === 1 ? "" : "s"}`),
        WAYS.map(({ way }) => all.tasks.map(({ input }) => input[way])),
      ),
      taskTable(all),
    ]),
    section("Server by server", serverNote(servers), [
      twoWidths(
        drawing,
        servers.slice(0, MOST_BARS).map(({ server }) => server),
        serverValues(servers),
      ),
      serverTable(servers),
    ]),
    `<section><h2>How we know</h2><ul>${sentences(report)
      .filter(Boolean)
      .map((sentence) => `<li>${escapeHtml(sentence)}</li>`)
      .join("")}</ul>
<p>Every figure is a row of <code>toolgrove measure --json</code>; hover over one to see its key.</p></section>`,
  ];
  return whole(`What ${figure(tools)} tools cost`, body.join("\n"));
}

function whole(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;
}

function section(title: string, note: string, parts: readonly string[]): string {
  return `<section><h2>${escapeHtml(title)}</h2><p>${escapeHtml(note)}</p>\n${LEGEND}\n${parts.join("\n")}</section>`;
}

const LEGEND = `<ul class="legend" aria-label="Colours">${WAYS.map(
  ({ way, name, how }) => `<li><i class="${way}"></i><b>${name}</b> ${how}</li>`,
).join("")}</ul>`;

function cards({ all }: MeasureReport): string {
  const each = WAYS.map(
    ({ way, name }) =>
      `<div class="card ${way}"><h2>${name}</h2><p class="big">${cell(all.standing[way], `totals.${way}`)}</p>` +
      `<p>tokens, <span data-key="all.share.${way}" title="all.share.${way}">${(all.share[way] * 100).toFixed(1)} %</span> of a context of 200,000</p></div>`,
  );
  return `<div class="cards">${each.join("")}</div>`;
}

/** The same picture for a wide and a narrow page; the style shows one of them. The table beside it says the same in words. */
function twoWidths(
  { drawBars }: Drawing,
  labels: readonly string[],
  values: readonly (readonly number[])[],
): string {
  const series: Series[] = WAYS.map(({ way, name }, index) => ({
    name,
    color: `var(--${way})`,
    values: values[index] ?? [],
  }));
  const picture = (width: number): string => {
    const svg = drawBars({
      series,
      labels: width === NARROW ? labels.map(short) : labels,
      width,
      isLogarithmic: true,
    });
    return `<div class="chart ${width === NARROW ? "narrow" : "wide"}" aria-hidden="true">${svg}</div>`;
  };
  return `<figure>${picture(WIDE)}${picture(NARROW)}<figcaption>Tokens, on a logarithmic scale: each line to the right is ten times more.</figcaption></figure>`;
}

function short(label: string): string {
  return label.length > 16 ? `${label.slice(0, 15)}…` : label;
}

function standingTable({ all, toolgrove }: MeasureReport): string {
  const rows: [string, number, string][] = [
    ["Direct: definitions", all.definitions, "all.definitions"],
    ["Deferred: names", all.names, "all.names"],
    ["Direct and deferred: instructions of the servers", all.instructions, "all.instructions"],
    ["Toolgrove: three definitions", toolgrove.definitions, "toolgrove.definitions"],
    ["Toolgrove: instructions", toolgrove.instructions, "toolgrove.instructions"],
    ["Toolgrove: a search’s answer, mean", toolgrove.search, "toolgrove.search"],
    ["Toolgrove: one tool read, mean", toolgrove.read, "toolgrove.read"],
  ];
  return table(
    ["What", "Tokens"],
    rows.map(([name, value, key]) => [name, cell(value, key)]),
  );
}

function taskTable({ tasks }: CostRow): string {
  const rows = tasks.map(({ calls, input, roundTrips, cheapest }, index) => [
    figure(calls),
    ...WAYS.map(({ way }) => {
      const key = `all.tasks.${index}.input.${way}`;
      const trips = `<small>${cell(roundTrips[way], `all.tasks.${index}.roundTrips.${way}`)} ${roundTrips[way] === 1 ? "trip" : "trips"}</small>`;
      return `${way === cheapest ? "<b>" : ""}${cell(input[way], key)}${way === cheapest ? "</b>" : ""} ${trips}`;
    }),
  ]);
  return table(["Calls", ...WAYS.map(({ name }) => name)], rows);
}

function serverTable(servers: readonly ServerRow[]): string {
  const rows = servers.map(({ server, tools, standing, breakEven }, index) => [
    escapeHtml(server),
    cell(tools, `servers.${index}.tools`),
    ...WAYS.map(({ way }) => cell(standing[way], `servers.${index}.standing.${way}`)),
    breakEven.directUpToCalls === null
      ? "never"
      : `${cell(breakEven.directUpToCalls, `servers.${index}.breakEven.directUpToCalls`)} calls`,
  ]);
  return table(["Server alone", "Tools", ...WAYS.map(({ name }) => name), "Direct cheaper up to"], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `<div class="table" tabindex="0" role="region" aria-label="${head[0] ?? ""} and tokens"><table><thead><tr>${head
    .map((each) => `<th scope="col">${escapeHtml(each)}</th>`)
    .join("")}</tr></thead><tbody>${rows.map(line).join("")}</tbody></table></div>`;
}

function line(cells: readonly string[]): string {
  const rest = cells.slice(1).map((each) => `<td>${each}</td>`);
  return `<tr><th scope="row">${cells[0] ?? ""}</th>${rest.join("")}</tr>`;
}

function cell(value: number, key: string): string {
  return `<span data-key="${key}" title="${key}">${figure(value)}</span>`;
}

function serverValues(servers: readonly ServerRow[]): number[][] {
  return WAYS.map(({ way }) => servers.slice(0, MOST_BARS).map(({ standing }) => standing[way]));
}

function taskNote({ assumed }: MeasureReport): string {
  return (
    "Input tokens over all requests until the task is done: every round trip sends the context again (without a prompt cache). Modelled: " +
    `a call of ${assumed.callArguments} + ${assumed.callResult} tokens, ${assumed.toolsOfTask} tools to find, a program of ${assumed.program} tokens. The cheapest is bold.`
  );
}

function serverNote(servers: readonly ServerRow[]): string {
  const more =
    servers.length > MOST_BARS ? `The ${MOST_BARS} largest of ${servers.length}; the table has all. ` : "";
  return `${more}If only that server were connected. Small servers are better used directly.`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
