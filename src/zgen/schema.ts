// What a JSON Schema is, as far as code generation needs to know.

/** A schema that is an object: its keywords by name. */
export type SchemaObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object schema, as opposed to `true`, `false` or something that is no schema at all. */
export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A schema's named properties; none for anything that has none. */
export function propertiesOf(schema: unknown): SchemaObject {
  return isSchemaObject(schema) && isSchemaObject(schema["properties"]) ? schema["properties"] : {};
}

/** Names of the properties that must be given and are described. */
export function requiredOf(schema: unknown): string[] {
  if (!isSchemaObject(schema) || !Array.isArray(schema["required"])) return [];
  const properties = propertiesOf(schema);
  return [...new Set<unknown>(schema["required"])].filter(
    (name): name is string => typeof name === "string" && Object.hasOwn(properties, name),
  );
}
