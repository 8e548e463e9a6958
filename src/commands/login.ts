// `login`: the one command that waits for the user, in a browser.
import { UsageError, type Command } from "./command.ts";

export const loginCommand: Command = {
  name: "login",
  usage: "SERVER",
  summary: "log in at an HTTP server, in your browser",
  flags: [],
  async run({ gateway, args, out, note, openPage, signal, home }) {
    const [server, ...rest] = args;
    if (server === undefined || rest.length > 0) throw new UsageError("login takes the name of one server.");
    for (const problem of home.problems) note(problem);
    await (
      await gateway()
    ).login(server, {
      signal,
      show: (url) => {
        note(`Log in here within five minutes:\n${url.href}`);
        openPage(url);
      },
    });
    out(`You are logged in at ${server}.`);
    return 0;
  },
};
