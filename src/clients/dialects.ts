// What each client calls the parts of an entry. From its keys to those of `servers/mcp.json`, and back for our own entry.

/** An entry as it stands in a client's file. */
export type RawEntry = Readonly<Record<string, unknown>>;

/** The program that starts Toolgrove on a home. */
export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
}

/** The entry's keys under the names of `servers/mcp.json`; unknown ones keep theirs. */
export type Translate = (raw: RawEntry) => RawEntry;

/** Claude Code, Claude Desktop, Cursor, VS Code: our names already. */
export const translateOrdinary: Translate = (raw) => raw;

/** Windsurf: `serverUrl`, `disabledTools`. */
export const translateWindsurf: Translate = (raw) =>
  rename(raw, { serverUrl: "url", disabledTools: "exclude" });

/** Gemini CLI: `httpUrl` beside `url`, `includeTools`, `excludeTools`. */
export const translateGemini: Translate = (raw) =>
  rename(raw, { httpUrl: "url", includeTools: "include", excludeTools: "exclude" });

/** Codex: environment variables by name, times in seconds, `enabled` instead of `disabled`. */
export const translateCodex: Translate = (raw) => {
  const {
    env_vars: passed,
    bearer_token_env_var: bearer,
    env_http_headers: headerVariables,
    tool_timeout_sec: callSeconds,
    startup_timeout_sec: startSeconds,
    enabled,
    ...rest
  } = rename(raw, {
    startup_timeout_ms: "startTimeout",
    http_headers: "headers",
    enabled_tools: "include",
    disabled_tools: "exclude",
  });
  return {
    ...rest,
    env: { ...toRecord(rest["env"]), ...references(namesOf(passed)) },
    headers: {
      ...toRecord(rest["headers"]),
      ...(typeof bearer === "string" && { Authorization: `Bearer \${${bearer}}` }),
      ...references(Object.entries(toRecord(headerVariables))),
    },
    ...(typeof callSeconds === "number" && { timeout: callSeconds * 1000 }),
    ...(typeof startSeconds === "number" && { startTimeout: startSeconds * 1000 }),
    disabled: enabled === false,
  };
};

/** opencode: one array for the program and its arguments, `environment`, `enabled`; its `timeout` is not that of calls. */
export const translateOpencode: Translate = (raw) => {
  const { command, enabled, ...rest } = rename(raw, { environment: "env", timeout: "listTimeout" });
  const [program, ...args] = Array.isArray(command) ? (command as unknown[]) : [command];
  return { ...rest, ...(program !== undefined && { command: program }), args, disabled: enabled === false };
};

/** Our entry for most clients. */
export const ordinaryLaunch = ({ command, args }: Launch): RawEntry => ({ command, args });
/** Our entry for VS Code, which wants the kind named. */
export const typedLaunch = ({ command, args }: Launch): RawEntry => ({ type: "stdio", command, args });
/** Our entry for opencode. */
export const opencodeLaunch = ({ command, args }: Launch): RawEntry => ({
  type: "local",
  command: [command, ...args],
  enabled: true,
});

function rename(raw: RawEntry, names: Readonly<Record<string, string>>): RawEntry {
  return Object.fromEntries(Object.entries(raw).map(([key, value]) => [names[key] ?? key, value]));
}

function toRecord(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

/** Codex names a variable by itself or in a table with a source; one from elsewhere is none of ours. */
function namesOf(passed: unknown): [string, unknown][] {
  const items: unknown[] = Array.isArray(passed) ? passed : [];
  return items.map((item) => {
    const { name, source } = toRecord(item);
    if (source === "remote") throw new Error("it takes variables from a remote machine");
    return typeof item === "string" ? [item, item] : [String(name), name];
  });
}

function references(pairs: readonly (readonly [string, unknown])[]): Record<string, string> {
  return Object.fromEntries(pairs.map(([key, variable]) => [key, `\${${String(variable)}}`]));
}
