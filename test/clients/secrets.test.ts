// What counts as a secret, and that none is left in an entry that may be committed.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { HomeEntry } from "../../src/clients/entry.ts";
import { createSecretNames, describeEntry, replaceSecrets } from "../../src/clients/secrets.ts";

const hide = (entry: HomeEntry): HomeEntry => replaceSecrets(entry, (hint) => `<${hint}>`);
const hideVariable = (name: string, value: string): unknown =>
  (hide({ command: "x", env: { [name]: value } }) as { env: Record<string, string> }).env[name];

describe("a variable of the environment", () => {
  test.each([
    ["GITHUB_TOKEN", "abc123def"],
    ["API_KEY", "s3cr3t"],
    ["DB_PASSWORD", "hunter2"],
    ["GITLAB_PAT", "short"],
    ["ANYTHING", "ghp_exampleexampleexampleexampleexampl0"],
    ["ANYTHING", "sk-ant-api03-abcdefgh"],
    ["WORKSPACE", "9f86d081884c7d659a2feaa0c55ad015"],
  ])("%s=%s is hidden", (name, value) => {
    expect(hideVariable(name, value)).toBe(`<${name}>`);
  });

  test.each([
    ["GITHUB_TOKEN", "${GITHUB_TOKEN}"],
    ["GITHUB_TOKEN", "${GITHUB_TOKEN:-none}"],
    ["MAX_TOKENS", "4096"],
    ["TOKENIZERS_PARALLELISM", "false"],
    ["SSH_KEY_PATH", "/home/ada/.ssh/id"],
    ["AUTH_URL", "https://auth.example.com/login"],
    ["LOG_LEVEL", "debug"],
    ["API_KEY", ""],
  ])("%s=%s stays", (name, value) => {
    expect(hideVariable(name, value)).toBe(value);
  });

  test("an address keeps all but its password, its secret parameters and opaque parts", () => {
    expect(hideVariable("DATABASE_URL", "postgres://ada:hunter2@db/x?sslmode=on")).toBe(
      "postgres://ada:<DATABASE_URL_PASSWORD>@db/x?sslmode=on",
    );
    expect(hide({ url: "https://a.io/mcp?api_key=abcdef&x=1#top" })).toEqual({
      url: "https://a.io/mcp?api_key=<api_key>&x=1#top",
    });
    expect(hide({ url: "https://a.io/s/9f86d081884c7d659a2feaa0c55ad015/mcp" })).toEqual({
      url: "https://a.io/s/<URL_SECRET>/mcp",
    });
  });
});

test("a header keeps its scheme", () => {
  const headers = { Authorization: "Bearer abc", "X-Api-Key": "def", "X-Region": "eu", Cookie: "${COOKIE}" };
  expect(hide({ url: "https://a.io", headers })).toEqual({
    url: "https://a.io",
    headers: {
      Authorization: "Bearer <Authorization>",
      "X-Api-Key": "<X-Api-Key>",
      "X-Region": "eu",
      Cookie: "${COOKIE}",
    },
  });
});

test.each([
  [
    ["--api-key", "abc"],
    ["--api-key", "<api-key>"],
  ],
  [["--api-key=abc"], ["--api-key=<api-key>"]],
  [
    ["-e", "TOKEN=abc"],
    ["-e", "TOKEN=<TOKEN>"],
  ],
  [
    ["--header", "Authorization: Bearer abc"],
    ["--header", "Authorization: Bearer <Authorization>"],
  ],
  [
    ["--header", "Authorization:${AUTH}"],
    ["--header", "Authorization:${AUTH}"],
  ],
  [["ghp_exampleexampleexampleexampleexampl0"], ["<ARGUMENT>"]],
  [["postgres://ada:pw@db/x"], ["postgres://ada:<ARGUMENT_PASSWORD>@db/x"]],
  [["--url=https://a.io/?token=abc"], ["--url=https://a.io/?token=<token>"]],
  [["-y", "@modelcontextprotocol/server-github", "--port", "3000", "--auth", "--verbose"], undefined],
])("arguments %j", (args, expected) => {
  expect(hide({ command: "x", args })).toEqual({ command: "x", args: expected ?? args });
});

test("what is shown of an entry holds no secret", () => {
  expect(describeEntry({ command: "npx", args: ["x", "--token", "abc"], env: { KEY: "def" } })).toBe(
    "npx x --token …",
  );
});

test("the same secret keeps its name, another one gets its own", () => {
  const { nameFor } = createSecretNames();
  expect(nameFor("github", "TOKEN", "a")).toBe("TOKEN");
  expect(nameFor("gitlab", "TOKEN", "a")).toBe("TOKEN");
  expect(nameFor("gitlab", "TOKEN", "b")).toBe("GITLAB_TOKEN");
  expect(nameFor("gitlab", "TOKEN", "c")).toBe("GITLAB_TOKEN_2");
  expect(nameFor("gitlab", "TOKEN", "b")).toBe("GITLAB_TOKEN");
  expect(nameFor("9", "x-api-key", "d")).toBe("X_API_KEY");
});

test("no secret of a known form survives, wherever it stands", () => {
  const secret = fc.stringMatching(/^ghp_[A-Za-z0-9]{36}$/);
  const where = fc.constantFrom("env", "args", "headers", "url");
  fc.assert(
    fc.property(secret, where, (value, place) => {
      const entries = {
        env: { command: "x", env: { NAME: value } },
        args: { command: "x", args: ["--name", value] },
        headers: { url: "https://a.io", headers: { "X-Name": value } },
        url: { url: `https://a.io/${value}/mcp?x=${value}` },
      };
      expect(JSON.stringify(hide(entries[place]))).not.toContain(value);
    }),
  );
});
