// Offers each skill as an MCP prompt, which many clients show as a command. It holds no logic of skills.
import { ProtocolError, ProtocolErrorCode, type McpServer, type Prompt } from "@modelcontextprotocol/server";
import type { Gateway } from "../gateway.ts";
import type { SkillPrompt } from "../skill-offering.ts";

/** Registers what concerns prompts. */
export function offerPrompts({ server }: McpServer, gateway: () => Promise<Gateway>): void {
  server.registerCapabilities({ prompts: { listChanged: true } });
  server.setRequestHandler("prompts/list", async () => ({
    prompts: (await (await gateway()).skills.prompts()).map(toPrompt),
  }));
  server.setRequestHandler("prompts/get", async ({ params: { name, arguments: given = {} } }) => {
    const answer = await (await gateway()).skills.prompt(name, given);
    if ("problem" in answer) throw new ProtocolError(ProtocolErrorCode.InvalidParams, answer.problem);
    const { description, text } = answer;
    return { description, messages: [{ role: "user", content: { type: "text", text } }] };
  });
}

function toPrompt({ name, title, description, arguments: given }: SkillPrompt): Prompt {
  return { name, title, description, arguments: [...given] };
}
