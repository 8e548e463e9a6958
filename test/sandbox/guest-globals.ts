// What guest code finds in its global scope, exactly: a Deno upgrade that adds or takes away a name shows here.

export const GUEST_GLOBALS: readonly string[] = `
    AbortController AbortSignal AggregateError Array ArrayBuffer AsyncDisposableStack Atomics BigInt
    BigInt64Array BigUint64Array Blob Boolean Buffer ByteLengthQueuingStrategy Cache CacheStorage CloseEvent
    CompressionStream CountQueuingStrategy Crypto CryptoKey CustomEvent DOMException DOMMatrix
    DOMMatrixReadOnly DOMPoint DOMPointReadOnly DOMQuad DOMRect DOMRectReadOnly DataView Date
    DecompressionStream DedicatedWorkerGlobalScope DisposableStack Error ErrorEvent EvalError Event
    EventSource EventTarget File FileReader FinalizationRegistry Float16Array Float32Array Float64Array
    FormData Function GPU GPUAdapter GPUAdapterInfo GPUBindGroup GPUBindGroupLayout GPUBuffer GPUBufferUsage
    GPUCanvasContext GPUColorWrite GPUCommandBuffer GPUCommandEncoder GPUCompilationInfo GPUCompilationMessage
    GPUComputePassEncoder GPUComputePipeline GPUDevice GPUDeviceLostInfo GPUError GPUInternalError GPUMapMode
    GPUOutOfMemoryError GPUPipelineError GPUPipelineLayout GPUQuerySet GPUQueue GPURenderBundle
    GPURenderBundleEncoder GPURenderPassEncoder GPURenderPipeline GPUSampler GPUShaderModule GPUShaderStage
    GPUSupportedFeatures GPUSupportedLimits GPUTexture GPUTextureUsage GPUTextureView GPUUncapturedErrorEvent
    GPUValidationError Headers ImageBitmap ImageBitmapRenderingContext ImageData Infinity Int16Array
    Int32Array Int8Array Intl Iterator JSON Lock LockManager Map Math MessageChannel MessageEvent MessagePort
    NaN NavigatorUAData Number Object OffscreenCanvas Performance PerformanceEntry PerformanceMark
    PerformanceMeasure PerformanceObserver PerformanceObserverEntryList ProgressEvent Promise
    PromiseRejectionEvent Proxy QuotaExceededError RangeError ReadableByteStreamController ReadableStream
    ReadableStreamBYOBReader ReadableStreamBYOBRequest ReadableStreamDefaultController
    ReadableStreamDefaultReader ReferenceError Reflect RegExp Request Response Set SharedArrayBuffer String
    SubtleCrypto SuppressedError Symbol SyntaxError Temporal TextDecoder TextDecoderStream TextEncoder
    TextEncoderStream TransformStream TransformStreamDefaultController TypeError URIError URL URLPattern
    URLSearchParams Uint16Array Uint32Array Uint8Array Uint8ClampedArray WeakMap WeakRef WeakSet WebAssembly
    WebSocket WebSocketStream WebTransport WorkerGlobalScope WorkerLocation WorkerNavigator WritableStream
    WritableStreamDefaultController WritableStreamDefaultWriter atob btoa clearImmediate clearInterval
    clearTimeout console createImageBitmap crypto decodeURI decodeURIComponent encodeURI encodeURIComponent
    escape eval fetch globalThis isFinite isNaN onerror onmessage onunhandledrejection parseFloat parseInt
    performance postMessage queueMicrotask reportError self setImmediate setInterval setTimeout
    structuredClone undefined unescape workspace
  `
  .trim()
  .split(/\s+/);
