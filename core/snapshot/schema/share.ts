/** JSON Schemas made small: what stands in them more than once is moved to `$defs`. @module */

type Json = Record<string, unknown>;

/** Keywords that hold one schema, a list of them, or a table of them by name. */
const ONE = new Set(["items", "additionalProperties", "propertyNames", "if", "then", "else"]);
const LIST = new Set(["anyOf", "allOf", "oneOf", "prefixItems"]);
const TABLE = new Set(["properties", "$defs"]);
/** Shortest text of a schema that is worth a reference. */
const WORTH = 60;

/** An equal JSON Schema in which large parts stand only once. */
export function share(root: Json): Json {
  const seen = new Map<string, number>();
  const count = (schema: Json) => {
    const text = JSON.stringify(schema);
    const times = (seen.get(text) ?? 0) + 1;
    seen.set(text, times);
    // What is in a part that is shared is there only once.
    if (times === 1 || text.length < WORTH) eachPart(schema, (part) => (count(part), part));
  };
  count(root);

  const { $defs = {} } = root as { $defs?: Json };
  const names = new Map<string, string>();
  const shared: Json = {};
  const replace = (schema: Json): Json => {
    const text = JSON.stringify(schema);
    if (text.length < WORTH || seen.get(text)! < 2) return eachPart(schema, replace);
    let name = names.get(text);
    if (name === undefined) {
      do name = `part${names.size + 1}`; while (Object.hasOwn($defs, name));
      names.set(text, name);
      shared[name] = {}; // keeps its place before those inside it
      shared[name] = eachPart(schema, replace);
    }
    return { $ref: `#/$defs/${name}` };
  };
  const { $defs: own, ...body } = eachPart(root, replace);
  if (names.size === 0) return root;
  return { ...body, $defs: { ...own as Json, ...shared } };
}

/** A schema with each schema in it replaced by another. */
function eachPart(schema: Json, map: (part: Json) => Json): Json {
  const one = (value: unknown) => typeof value === "object" ? map(value as Json) : value;
  return Object.fromEntries(
    Object.entries(schema).map(([key, value]) => {
      if (ONE.has(key)) return [key, one(value)];
      if (LIST.has(key)) return [key, (value as unknown[]).map(one)];
      if (!TABLE.has(key)) return [key, value];
      const table = Object.entries(value as Json).map(([name, part]) => [name, one(part)]);
      return [key, Object.fromEntries(table)];
    }),
  );
}
