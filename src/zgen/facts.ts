// What a schema says beyond its type (default, bounds, format), as one short sentence for the JSDoc.
import { stringLiteral } from "./literal.ts";

type Keywords = Readonly<Record<string, unknown>>;

/** The description's lines followed by the facts: `Page size. Default 10; 1 to 100.` */
export function describe(schema: Keywords): string {
  const description = typeof schema["description"] === "string" ? schema["description"].trim() : "";
  const facts = [...defaultFact(schema), ...boundFacts(schema), ...textFacts(schema)].join("; ");
  if (facts === "") return description;
  const sentence = `${facts.charAt(0).toUpperCase()}${facts.slice(1)}.`;
  if (description === "") return sentence;
  return `${description}${/[.!?:]$/.test(description) ? "" : "."} ${sentence}`;
}

function defaultFact(schema: Keywords): string[] {
  if (!("default" in schema)) return [];
  const value = schema["default"];
  const text = typeof value === "string" ? stringLiteral(value) : JSON.stringify(value);
  return text.length <= 80 ? [`default ${text}`] : [];
}

function boundFacts(schema: Keywords): string[] {
  return [
    range(schema["minimum"], schema["maximum"], ""),
    // Draft 4 wrote `exclusiveMinimum: true` beside `minimum`; only the number of later drafts says more than that.
    typeof schema["exclusiveMinimum"] === "number" ? `above ${schema["exclusiveMinimum"]}` : "",
    typeof schema["exclusiveMaximum"] === "number" ? `below ${schema["exclusiveMaximum"]}` : "",
    range(schema["minLength"], schema["maxLength"], " characters"),
    range(schema["minItems"], schema["maxItems"], " items"),
    typeof schema["multipleOf"] === "number" ? `a multiple of ${schema["multipleOf"]}` : "",
  ].filter((fact) => fact !== "");
}

function textFacts(schema: Keywords): string[] {
  const { format, pattern, deprecated } = schema;
  return [
    typeof format === "string" && format.length <= 40 ? `format ${format}` : "",
    typeof pattern === "string" && pattern.length <= 60 ? `pattern ${pattern}` : "",
    deprecated === true ? "deprecated" : "",
  ].filter((fact) => fact !== "");
}

function range(from: unknown, to: unknown, unit: string): string {
  const [low, high] = [meant(from), meant(to)];
  if (low !== undefined && high !== undefined) return `${low} to ${high}${unit}`;
  if (low !== undefined) return `at least ${low}${unit}`;
  return high === undefined ? "" : `at most ${high}${unit}`;
}

/** A bound, unless it lies at the edge of the number line: those come from generators, not from authors. */
function meant(bound: unknown): number | undefined {
  return typeof bound === "number" && Math.abs(bound) < Number.MAX_SAFE_INTEGER ? bound : undefined;
}
