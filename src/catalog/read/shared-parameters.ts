// Which parameters several functions take alike, one by one and in groups. It knows documents, and decides no wording.
import type { ToolDocument, ToolParameter } from "../document.ts";

/** Parameters that stand together wherever one of them stands. */
export interface ParameterGroup {
  /** Such as `Common`: it means nothing else in these documents. */
  readonly name: string;
  readonly parameters: readonly ToolParameter[];
}

/** What functions share of their parameters. */
export interface SharedParameters {
  /** Those to be told by themselves. */
  readonly single: readonly ToolParameter[];
  readonly groups: readonly ParameterGroup[];
  /** Whether this parameter is told with the shared ones. */
  readonly has: (parameter: ToolParameter) => boolean;
  readonly groupOf: (parameter: ToolParameter) => ParameterGroup | undefined;
}

/** An undescribed parameter is shared when at least so many functions take it. */
const MIN_UNDESCRIBED = 4;
/** Fewer names are better read where they stand. */
const MIN_GROUP = 4;
/** What the statement of a group costs, and each use of it, in characters of names. */
const GROUP_CHARS = 30;
const USE_CHARS = 12;

/** Finds what is the same in several of the documents: name, type and description. */
export function shareParameters(
  documents: readonly ToolDocument[],
  taken: Iterable<string>,
): SharedParameters {
  const shared = mostTaken(documents);
  const has = (parameter: ToolParameter): boolean => isSame(shared.get(parameter.name), parameter);
  const groups = groupsOf(documents, has, new Set(taken));
  const groupByName = new Map(groups.flatMap((group) => group.parameters.map(({ name }) => [name, group])));
  return {
    single: [...shared.values()].filter(({ name }) => !groupByName.has(name)),
    groups,
    has,
    groupOf: (parameter) => (has(parameter) ? groupByName.get(parameter.name) : undefined),
  };
}

/** The keys that are shown one by one. */
export function keysOf({ signature, parameters }: ToolDocument): readonly ToolParameter[] {
  return signature.input === undefined ? parameters : [];
}

/** By name, the one parameter of that name that most functions take, when several do. */
function mostTaken(documents: readonly ToolDocument[]): Map<string, ToolParameter> {
  const counts = new Map<string, { readonly parameter: ToolParameter; count: number }>();
  for (const parameter of documents.flatMap(keysOf)) {
    const key = JSON.stringify([parameter.name, parameter.type, parameter.description]);
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { parameter, count: 1 });
  }
  const best = new Map<string, { readonly parameter: ToolParameter; readonly count: number }>();
  for (const entry of counts.values()) {
    const { parameter, count } = entry;
    const least = parameter.description === "" && !parameter.type.includes("\n") ? MIN_UNDESCRIBED : 2;
    if (count >= least && count > (best.get(parameter.name)?.count ?? 0)) best.set(parameter.name, entry);
  }
  return new Map([...best].map(([name, { parameter }]) => [name, parameter]));
}

/** Groups by the functions that take a parameter; one that is not the same everywhere it stands, mark and all, is in none. */
function groupsOf(
  documents: readonly ToolDocument[],
  has: (parameter: ToolParameter) => boolean,
  taken: Set<string>,
): ParameterGroup[] {
  const users = new Map<
    string,
    { readonly parameter: ToolParameter; readonly at: number[]; isMixed: boolean }
  >();
  for (const [nth, document] of documents.entries()) {
    for (const parameter of keysOf(document).filter(has)) {
      const known = users.get(parameter.name);
      if (!known) users.set(parameter.name, { parameter, at: [nth], isMixed: false });
      else if (known.parameter.optional === parameter.optional) known.at.push(nth);
      else known.isMixed = true;
    }
  }
  const together = new Map<string, { readonly parameters: ToolParameter[]; readonly uses: number }>();
  for (const { parameter, at, isMixed } of users.values()) {
    if (isMixed) continue;
    const known = together.get(at.join());
    if (known) known.parameters.push(parameter);
    else together.set(at.join(), { parameters: [parameter], uses: at.length });
  }
  return [...together.values()].filter(pays).map(({ parameters }) => ({ name: freeName(taken), parameters }));
}

function pays({
  parameters,
  uses,
}: {
  readonly parameters: readonly ToolParameter[];
  readonly uses: number;
}): boolean {
  const chars = parameters.reduce((sum, { name }) => sum + name.length + 2, 0);
  return parameters.length >= MIN_GROUP && uses * (chars - USE_CHARS) > GROUP_CHARS;
}

function freeName(taken: Set<string>): string {
  let name = "Common";
  for (let count = 2; taken.has(name); count += 1) name = `Common${count}`;
  taken.add(name);
  return name;
}

function isSame(shared: ToolParameter | undefined, parameter: ToolParameter): boolean {
  return shared?.type === parameter.type && shared.description === parameter.description;
}
