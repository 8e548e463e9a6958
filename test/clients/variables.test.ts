// Each client's way of writing variables, in ours.
import { expect, test } from "vitest";
import { inputVariables, translateVariables, variableName } from "../../src/clients/variables.ts";

const user = { userHome: "/home/ada" };
const project = { ...user, projectDir: "/src/app" };

test.each([
  ["shell", "${A} ${B:-c}", user, "${A} ${B:-c}"],
  ["dollar", "$A/${B}/$5", user, "${A}/${B}/$5"],
  ["braces", "Bearer {env:TOKEN}", user, "Bearer ${TOKEN}"],
  ["editor", "${env:A} ${input:my-key} ${userHome}", user, "${A} ${MY_KEY} /home/ada"],
  ["editor", "${workspaceFolder}/x", project, "/src/app/x"],
  ["none", "$HOME and {env:X}", user, "$HOME and {env:X}"],
] as const)("%s: %s", (style, text, context, expected) => {
  expect(translateVariables(text, style, context)).toBe(expected);
});

test.each([
  ["editor", "${workspaceFolder}/x", "it uses ${workspaceFolder}, which only this client knows"],
  ["editor", "${file:/x}", "it uses ${file:/x}, which only this client knows"],
  ["editor", "${pathSeparator}", "it uses ${pathSeparator}, which only this client knows"],
  ["braces", "{file:/x}", "it reads a file ({file:/x}), which only this client does"],
  ["none", "a ${HOME}", "it holds ${HOME} as plain text, which Toolgrove would replace"],
] as const)("%s: %s has no counterpart", (style, text, reason) => {
  expect(() => translateVariables(text, style, user)).toThrow(reason);
});

test("what an editor asks for has a variable's name", () => {
  expect(inputVariables('{"a":"${input:github-token}","b":"${env:X}"}')).toEqual(["GITHUB_TOKEN"]);
  expect(variableName("1password")).toBe("VALUE_1PASSWORD");
});
