// Opens a web page in the user's browser, as far as there is one. The page's address has been shown already.
import { spawn } from "node:child_process";

/** The program that opens addresses, and its arguments before the address. */
type Opener = readonly [command: string, ...args: string[]];

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, Opener>>> = {
  darwin: ["open"],
  // `start` would let the shell read the `&` of an address.
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** @param browser the value of `BROWSER`, which goes before the system's choice. */
export function openPage(url: URL, browser: string | undefined): void {
  const [command, ...args] = browser
    ? ([browser] satisfies Opener)
    : (OPENERS[process.platform] ?? ["xdg-open"]);
  const child = spawn(command, [...args, url.href], { stdio: "ignore", detached: true });
  // Without a browser the user has the address.
  child.on("error", () => undefined);
  child.unref();
}
