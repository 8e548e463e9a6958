// Draws charts as SVG text with ECharts: no script is needed to look at them. Colours are CSS variables, so one picture serves
// light and dark. The build bundles the library into this file; nothing of it is installed with the package.
import { BarChart } from "echarts/charts";
import { GridComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, GridComponent, SVGRenderer]);

/** One row of numbers; its colour is a CSS colour. */
export interface Series {
  readonly name: string;
  readonly color: string;
  readonly values: readonly number[];
}

/** A chart of tokens. */
export interface ChartSpec {
  readonly series: readonly Series[];
  /** What stands at each value. */
  readonly labels: readonly string[];
  /** Pixels; the height follows from the labels where it is not given. */
  readonly width: number;
  readonly height?: number;
  readonly isLogarithmic?: boolean;
}

/** CSS colours of a picture that stands alone, where there is no page to define them. */
export interface Palette {
  readonly ink: string;
  readonly line: string;
}

const PAGE: Palette = { ink: "var(--ink)", line: "var(--line)" };
const FONT = 13;
const ROW = 44;
const compact = new Intl.NumberFormat("en-US", { notation: "compact", maximumFractionDigits: 1 });

/** Horizontal bars: for each label, one bar of each series, with its figure beside it. */
export function drawBars(
  { series, labels, width, isLogarithmic = false, height }: ChartSpec,
  palette: Palette = PAGE,
): string {
  const longest = Math.max(0, ...labels.map((label) => label.length));
  const axis = {
    axisLabel: { color: palette.ink, fontSize: FONT },
    axisLine: { lineStyle: { color: palette.line } },
  };
  return draw(width, height ?? labels.length * Math.max(ROW, series.length * 17 + 12) + 40, {
    grid: { left: Math.min(longest * 7.4 + 14, width * 0.4), right: 58, top: 8, bottom: 28 },
    xAxis: {
      ...axis,
      ...valueAxis(isLogarithmic, palette),
      ...(isLogarithmic ? { max: nextPower(series) } : { splitNumber: width < 600 ? 2 : 5 }),
    },
    yAxis: { ...axis, type: "category", data: [...labels], inverse: true, axisTick: { show: false } },
    series: series.map(({ name, color, values }) => ({
      type: "bar",
      name,
      data: values.map((value) => (isLogarithmic ? Math.max(1, value) : value)),
      barGap: "15%",
      barMaxWidth: 16,
      itemStyle: { color, borderRadius: [0, 3, 3, 0] },
      label: {
        show: true,
        position: "right",
        color: palette.ink,
        fontSize: 12,
        textBorderWidth: 0,
        formatter: valueOf,
      },
    })),
  });
}

function valueAxis(isLogarithmic: boolean, { ink, line }: Palette): object {
  return {
    type: isLogarithmic ? "log" : "value",
    axisLabel: {
      color: ink,
      fontSize: FONT - 1,
      hideOverlap: true,
      formatter: (value: number) => compact.format(value),
    },
    splitLine: { lineStyle: { color: line } },
  };
}

/** Where a logarithmic axis ends: left alone, a narrow chart would count in steps of more than ten. */
function nextPower(series: readonly Series[]): number {
  return 10 ** Math.ceil(Math.log10(Math.max(10, ...series.flatMap(({ values }) => values))));
}

function valueOf({ value }: { value?: unknown }): string {
  return typeof value === "number" ? compact.format(value) : "";
}

function draw(width: number, height: number, option: object): string {
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  try {
    chart.setOption({ animation: false, ...option });
    return withoutPointers(chart.renderToSVGString({ useViewBox: true }));
  } finally {
    // It would keep timers, and with them the process.
    chart.dispose();
  }
}

/** The library writes styles for pointers that a picture without script does not need. */
function withoutPointers(svg: string): string {
  return svg.replaceAll(/<style\s*>[\s\S]*?<\/style>/g, "").replaceAll(/ (?:ecmeta_\w+|class)="[^"]*"/g, "");
}
