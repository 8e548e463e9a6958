// The benches of discovery: how well search finds (`--data`, `--catalogs`), what reading and searching cost in tokens
// (`--tokens`), how it scales (`--scale`). Each of them says what else it takes.
const has = (option) => process.argv.includes(option);
if (has("--tokens")) await import("./tokens.mjs");
else if (has("--scale")) await import("./scale.mjs");
else await import("./retrieval.mjs");
