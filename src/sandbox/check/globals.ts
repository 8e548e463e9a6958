// What agent code finds in its global scope, as declarations for a type check. What is not described here by the
// language's own library is `any`: a check is about tools and skills, not about the web platform.
import { readGuestApi } from "../guest-api-text.ts";

/** The web platform's names that exist in the guest and are missing in TypeScript's library of the language. */
export const PLATFORM_NAMES: readonly string[] = `
    AbortController AbortSignal Blob Buffer ByteLengthQueuingStrategy Cache CacheStorage CloseEvent
    CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DOMMatrix
    DOMMatrixReadOnly DOMPoint DOMPointReadOnly DOMQuad DOMRect DOMRectReadOnly
    DecompressionStream DedicatedWorkerGlobalScope ErrorEvent Event
    EventSource EventTarget File FileReader
    FormData GPU GPUAdapter GPUAdapterInfo GPUBindGroup GPUBindGroupLayout GPUBuffer GPUBufferUsage
    GPUCanvasContext GPUColorWrite GPUCommandBuffer GPUCommandEncoder GPUCompilationInfo GPUCompilationMessage
    GPUComputePassEncoder GPUComputePipeline GPUDevice GPUDeviceLostInfo GPUError GPUInternalError GPUMapMode
    GPUOutOfMemoryError GPUPipelineError GPUPipelineLayout GPUQuerySet GPUQueue GPURenderBundle
    GPURenderBundleEncoder GPURenderPassEncoder GPURenderPipeline GPUSampler GPUShaderModule GPUShaderStage
    GPUSupportedFeatures GPUSupportedLimits GPUTexture GPUTextureUsage GPUTextureView GPUUncapturedErrorEvent
    GPUValidationError Headers ImageBitmap ImageBitmapRenderingContext ImageData
    Lock LockManager MessageChannel MessageEvent MessagePort
    NavigatorUAData OffscreenCanvas Performance PerformanceEntry PerformanceMark
    PerformanceMeasure PerformanceObserver PerformanceObserverEntryList ProgressEvent
    PromiseRejectionEvent QuotaExceededError ReadableByteStreamController ReadableStream
    ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController
    ReadableStreamDefaultReader Request Response
    SubtleCrypto TextDecoder TextDecoderStream TextEncoder
    TextEncoderStream TransformStream TransformStreamDefaultController URL URLPattern
    URLSearchParams WebAssembly
    WebSocket WebSocketStream WebTransport WorkerGlobalScope WorkerLocation WorkerNavigator WritableStream
    WritableStreamDefaultController WritableStreamDefaultWriter atob btoa clearImmediate clearInterval
    clearTimeout console createImageBitmap crypto fetch onerror onmessage onunhandledrejection
    performance postMessage queueMicrotask reportError self setImmediate setInterval setTimeout
    structuredClone
  `
  .trim()
  .split(/\s+/);

/** The folder of the check's own files; no path of a home begins so. */
export const GLOBALS_FOLDER = "toolgrove-globals";

/** Declarations by path under `GLOBALS_FOLDER`; the first is the one that declares the globals. */
export async function guestDeclarations(): Promise<Readonly<Record<string, string>>> {
  const names = PLATFORM_NAMES.map((name) => `  var ${name}: any;\n  type ${name} = any;\n`).join("");
  const globals = `import type { GuestWorkspace } from "./workspace";\ndeclare global {\n  var workspace: GuestWorkspace;\n${names}}\n`;
  return {
    [`${GLOBALS_FOLDER}/globals.ts`]: globals,
    [`${GLOBALS_FOLDER}/workspace.ts`]: await readGuestApi(),
  };
}
