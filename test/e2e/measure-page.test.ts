// The page of `measure --html` in a real Chromium: charts drawn, nothing asked of any host, readable narrow and wide, light and dark.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { chromium, type Browser, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toolgrove, useHomes } from "./world.ts";

const CHROMIUM = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  existsSync,
);
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];
const HOSTILE = '</style><script>alert(1)</script>"&';

const newHome = useHomes();
let file: string;
let report: unknown;
let browser: Browser;

function makeLists(folder: string): void {
  mkdirSync(folder);
  for (let server = 0; server < 16; server++) {
    const tools = Array.from({ length: 3 * (server + 1) }, (_, nth) => ({
      name: `tool_${nth}`,
      description: `Moves crate ${nth} ${HOSTILE}`,
      inputSchema: { type: "object", properties: { crate: { type: "string", description: "Its number" } } },
    }));
    const name = server === 15 ? "a-server-with-a-rather-long-name-indeed" : `server-${server}`;
    writeFileSync(`${folder}/${name}.json`, JSON.stringify({ tools, instructions: HOSTILE }));
  }
}

beforeAll(async () => {
  const home = newHome({ servers: {} });
  makeLists(home.path("lists"));
  file = home.path("page.html");
  const args = ["measure", "--json", "--home", home.root, "--tools", home.path("lists"), "--html", file];
  report = JSON.parse((await toolgrove(args)).stdout);
});

it("is one file without script or address", () => {
  const html = readFileSync(file, "utf8");
  expect(html).toMatch(/^<!doctype html>/);
  expect(html).not.toMatch(/<script|\son\w+=|javascript:|@import|url\(/i);
  const addresses = [...html.matchAll(/https?:\/\/[^"' <)]+/g)].map(([address]) => address);
  // The names of XML's namespaces are no addresses to ask.
  expect(addresses.filter((address) => !address.startsWith("http://www.w3.org/"))).toEqual([]);
});

it("shows no figure that is not a row of --json", () => {
  const cells = [...readFileSync(file, "utf8").matchAll(/data-key="([^"]+)"[^>]*>([^<]+)</g)];
  expect(cells.length).toBeGreaterThan(60);
  for (const [, key = "", text = ""] of cells) {
    const value = key.split(".").reduce<unknown>((at, part) => (at as Record<string, unknown>)[part], report);
    expect([key, typeof value]).toEqual([key, "number"]);
    const shown = text.endsWith("%")
      ? `${(Number(value) * 100).toFixed(1)} %`
      : Number(value).toLocaleString("en-US");
    expect([key, text]).toEqual([key, shown]);
  }
});

describe.skipIf(!CHROMIUM)("in Chromium (skipped where there is none)", () => {
  beforeAll(async () => {
    browser = await chromium.launch({ ...(CHROMIUM && { executablePath: CHROMIUM }), args: FLAGS });
  });
  afterAll(() => browser.close());

  async function open(
    width: number,
    colorScheme: "light" | "dark",
  ): Promise<{ page: Page; faults: string[]; asked: string[] }> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const faults: string[] = [];
    const asked: string[] = [];
    page.on("console", (message) => faults.push(message.text()));
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("request", (request) => asked.push(request.url()));
    await page.goto(pathToFileURL(file).href);
    return { page, faults, asked };
  }

  describe.each([
    [400, "light"],
    [400, "dark"],
    [1_400, "light"],
    [1_400, "dark"],
  ] as const)("%i pixels wide, %s", (width, scheme) => {
    it("draws its charts, asks nothing of anybody and says nothing on the console", async () => {
      const { page, faults, asked } = await open(width, scheme);
      const bars = await page
        .locator(".chart:visible svg path")
        .evaluateAll(
          (paths) =>
            paths.filter((path) =>
              /var\(--(direct|deferred|toolgrove)\)/.test(path.getAttribute("fill") ?? ""),
            ).length,
        );
      expect(bars).toBe(3 + 9 + 36);
      expect(await page.locator(".chart:visible").count()).toBe(3);
      expect(faults).toEqual([]);
      expect(asked.filter((url) => !url.startsWith("file:") && !url.startsWith("data:"))).toEqual([]);
      await page.close();
    });

    it("is readable: nothing sticks out, letters are large enough and stand out from the paper", async () => {
      const { page } = await open(width, scheme);
      const overflow = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth",
      );
      expect(overflow).toBe(0);
      const texts = await page.evaluate<{ size: number; contrast: number; text: string }[]>(READABILITY);
      expect(texts.length).toBeGreaterThan(80);
      expect(texts.filter(({ size }) => size < 10.5)).toEqual([]);
      expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
      await page.close();
    });
  });

  it("light and dark are different papers", async () => {
    const papers = await Promise.all(
      (["light", "dark"] as const).map(async (scheme) =>
        (await open(1_400, scheme)).page.evaluate("getComputedStyle(document.body).backgroundColor"),
      ),
    );
    expect(new Set(papers).size).toBe(2);
  });
});

/** Runs in the page: each visible text with its size on the screen and its contrast with what is behind it. */
const READABILITY = `(() => {
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((value) => { const share = value / 255; return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4; });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = numbers(getComputedStyle(at).backgroundColor);
      if (color.length === 3 || color[3] > 0) return color.slice(0, 3);
    }
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const element = walker.currentNode.parentElement;
    if (!text || !element.checkVisibility()) continue;
    const style = getComputedStyle(element);
    const svg = element.closest("svg");
    const scale = svg ? svg.getBoundingClientRect().width / svg.viewBox.baseVal.width : 1;
    const [a, b] = [luminance(numbers(svg ? style.fill : style.color).slice(0, 3)), luminance(behind(svg ? svg.parentElement : element))];
    found.push({ text, size: parseFloat(style.fontSize) * scale, contrast: (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) });
  }
  return found;
})()`;
