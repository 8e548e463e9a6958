// Asks a JSON Schema validator that is not ours, in the draft that a schema names, what the schema accepts.
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { keywordsOf, type Keywords } from "../../src/codegen/schema.ts";

/** Whether a schema accepts a value. */
export type Accepts = (value: unknown) => boolean;

const settings = { strict: false, validateSchema: false, unicodeRegExp: false, logger: false } as const;

/** A check of values against the schema; draft 2020-12 unless it names an older one. */
export function validatorOf(schema: unknown): Accepts {
  const { $schema: dialect, ...rest } = keywordsOf(schema) ?? {};
  const ajv = typeof dialect === "string" && dialect.includes("draft-0") ? draft7 : draft2020;
  const validate = ajv.compile(withoutEmptyEnums(rest));
  return (value) => validate(value);
}

const draft7 = formats.default(new Ajv(settings));
const draft2020 = formats.default(new Ajv2020(settings));

/** A list of no values is no valid `enum`: wrappers take it for none, and the validator does not compile it. */
function withoutEmptyEnums(schema: Keywords): Keywords {
  return JSON.parse(JSON.stringify(schema), (key, value: unknown) =>
    key === "enum" && Array.isArray(value) && value.length === 0 ? undefined : value,
  );
}
