import { defineConfig } from "vitest/config";
import { TotalsReporter } from "./test/setup/totals-reporter.ts";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/setup/build.ts",
    setupFiles: "test/setup/isolate-home.ts",
    expect: { requireAssertions: true },
    restoreMocks: true,
    unstubEnvs: true,
    // They end what hangs, and judge no speed: the slowest tests take ten seconds on a quiet machine.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that make process start-up times lie.
    maxWorkers: 2,
    reporters: ["default", new TotalsReporter()],
  },
});
