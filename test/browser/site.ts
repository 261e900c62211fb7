// A site for the tests in Chromium: the built package behind a small server, and pages that run a function of the test's.
//
// The server does what a bundler's development server does: bare imports become addresses, since workers have no import maps. Each page has the
// content-security policy that its test asks for.

import { existsSync, readFileSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join, normalize, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium, type Browser, type CDPSession } from "playwright-core";
import { built } from "../built.ts";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const packages: Readonly<Record<string, string>> = { acorn: "acorn/dist/acorn.mjs", binaryen: "binaryen/index.js" };

/** Where Chromium is: where CHROMIUM says, and then it has to be there, or in one of the usual places. Null: this machine has none. */
export const executable: string | null = find();
function find(): string | null {
  const told = process.env["CHROMIUM"];
  if (told === undefined) return ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find((path) => existsSync(path)) ?? null;
  if (!existsSync(told)) throw new Error(`CHROMIUM is ${told}: there is no such file`);
  return told;
}

export interface Visit {
  /** the content-security policy of all that the site sends, workers too; none by default */
  readonly policy?: string;
  /** a script that runs before everything else on the page */
  readonly first?: string;
  /** what a debugger would do: called with the page's session of the debugger's protocol before the story begins */
  readonly debug?: (session: CDPSession) => Promise<void>;
}

export class Site {
  private readonly server: Server;
  private readonly browser: Browser;
  private readonly home = built();
  private policy: string | undefined;

  private constructor(server: Server, browser: Browser) {
    this.server = server;
    this.browser = browser;
    server.on("request", (request, response) => { this.answer(request, response); });
  }

  static async open(): Promise<Site> {
    const server = createServer();
    await new Promise<void>((done) => { server.listen(0, "localhost", done); });
    const browser = await chromium.launch({
      executablePath: executable!,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    });
    return new Site(server, browser);
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    const { pathname } = new URL(request.url!, "http://localhost");
    if (this.policy !== undefined) response.setHeader("content-security-policy", this.policy);
    if (pathname === "/") {
      response.setHeader("content-type", "text/html");
      response.end("<!doctype html><title>wasmorph</title>");
      return;
    }
    const [, kind, ...path] = normalize(pathname).split("/");
    const file = kind === "dist" ? join(this.home, ...path) : kind === "packages" ? join(root, "node_modules", ...path) : null;
    if (file === null || !existsSync(file)) { response.statusCode = 404; response.end(); return; }
    response.setHeader("content-type", file.endsWith("js") ? "text/javascript" : "application/json");
    const text = readFileSync(file, "utf8");
    response.end(kind === "packages" ? text : text.replace(/(\bfrom |\bimport\()"(\w+)"/g, (whole, before: string, name: string) => (packages[name] === undefined ? whole : `${before}"/packages/${packages[name]}"`)));
  }

  /**
   * Runs `story` on a page of its own, with the package's interface, and hands back what it gives as plain data. What it throws is thrown
   * here. The story is sent as text: it knows nothing of the file that it stands in.
   */
  async visit<T>(story: (wasmorph: typeof import("../../src/index.ts")) => Promise<T>, { policy, first, debug }: Visit = {}): Promise<T> {
    this.policy = policy;
    const context = await this.browser.newContext();
    try {
      const page = await context.newPage();
      if (first !== undefined) await page.addInitScript({ content: first });
      await page.goto(`http://localhost:${(this.server.address() as AddressInfo).port}/`);
      const session = await context.newCDPSession(page);
      await debug?.(session);
      const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
        expression: `(async () => (${String(story)})(await import("/dist/index.js")))()`, awaitPromise: true, returnByValue: true,
        allowUnsafeEvalBlockedByCSP: false, // the page's policy holds for the story too
      });
      if (exceptionDetails !== undefined) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
      return result.value as T;
    } finally { await context.close(); }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await new Promise((done) => { this.server.close(done); });
  }
}
