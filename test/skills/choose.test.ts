// Names of skills as people write them.
import { expect, test } from "vitest";
import { chooseSkill, chooseSkills } from "../../src/skills/choose.ts";

const ALL = [
  { path: "memory/tagWhere", alias: "memory/tag-where" },
  { path: "memory/backup", alias: "memory/backup" },
  { path: "github/backup", alias: "github/backup" },
];

test.each([
  "memory/tagWhere",
  "tagWhere",
  "tag-where",
  "skills/memory/tag_where.ts",
  "./skills/memory/tag-where",
])("%s is memory/tagWhere", (name) => {
  expect(chooseSkill(ALL, name).path).toBe("memory/tagWhere");
});

test("without names all are meant, with names those, in that order", () => {
  expect(chooseSkills(ALL, [])).toEqual(ALL);
  expect(chooseSkills(ALL, ["github/backup", "tagWhere"]).map(({ path }) => path)).toEqual([
    "github/backup",
    "memory/tagWhere",
  ]);
});

test.each([
  ["backup", '"backup" fits memory/backup and github/backup: name one of them.'],
  ["tagWere", 'There is no skill "tagWere" here. Did you mean memory/tagWhere?'],
  ["zzz", 'There is no skill "zzz" here. There are memory/tagWhere, memory/backup, github/backup.'],
])("%s: %s", (name, message) => {
  expect(() => chooseSkill(ALL, name)).toThrow(message);
});

test("where there are none, it says so", () => {
  expect(() => chooseSkill([], "a")).toThrow('There is no skill "a" here. There are none.');
});
