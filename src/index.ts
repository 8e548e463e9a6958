// The library door: one gateway, and the types it speaks.
export { createGateway, type ExecuteRequest, type Gateway, type GatewayOptions } from "./gateway.ts";
export {
  findHome,
  readHome,
  type Home,
  type HomeHints,
  type HomeLocation,
  type ServerEntry,
  type Settings,
} from "./home.ts";
export { ToolError, ToolgroveError, type ErrorCode } from "./errors.ts";
export type { ExecutionAnswer } from "./sandbox/output.ts";
export type { IsolationReport } from "./sandbox/engine.ts";
export type { SyncOptions, SyncReport } from "./sync.ts";
export type { JsonHit } from "./catalog/read/render.ts";
