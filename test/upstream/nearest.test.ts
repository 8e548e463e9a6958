import { expect, test } from "vitest";
import { nearestNames } from "../../src/upstream/nearest.ts";

const names = ["create_entities", "create_relations", "delete_entities", "read_graph"];

test("the most alike come first, whatever their case and punctuation", () => {
  expect(nearestNames("createEntitys", names)[0]).toBe("create_entities");
  expect(nearestNames("readGraph", names, 1)).toEqual(["read_graph"]);
});

test("what has nothing in common is left out", () => {
  expect(nearestNames("xyz", names)).toEqual([]);
  expect(nearestNames("", names)).toEqual([]);
});
