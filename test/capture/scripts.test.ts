// Where the texts of scripts come from that no file has: the engine's debugger, whose coming and going is most of what an answer takes.

import { EventEmitter } from "node:events";
import inspector from "node:inspector";
import { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { afterEach, describe, expect, it, vi } from "vitest";
import { candidateFiles } from "../../src/capture/guess.ts";
import { positionOf } from "../../src/capture/scripts.ts";

afterEach(() => { vi.restoreAllMocks(); });

describe("texts of Node's own modules", () => {
  it("are asked for all at once, whichever is needed after the first", () => {
    const functions = [EventEmitter.prototype.on, Readable.prototype.read, Readable.from, StringDecoder, URLSearchParams.prototype.get, structuredClone, setTimeout, queueMicrotask].filter((fn) => !/\[native code\]/.test(String(fn)));
    expect(functions.length).toBeGreaterThan(4);
    const post = vi.spyOn(inspector.Session.prototype, "post");
    for (const fn of functions) {
      const position = positionOf(fn, "full")!;
      const text = String(fn);
      expect(position.script.text!.slice(position.start, position.start + text.length)).toBe(text);
      expect(position.script.url).toMatch(/^node:/);
    }
    const methods = post.mock.calls.map(([method]) => method as string);
    expect(methods.filter((method) => method === "Debugger.enable").length).toBeLessThanOrEqual(2);
    expect(methods.filter((method) => method === "Debugger.disable")).toHaveLength(methods.filter((method) => method === "Debugger.enable").length);
  });
});

describe("files in which a function may stand", () => {
  it("are the caller's and what it imports before those beside the library's own, which are large", () => {
    const files = [...candidateFiles()];
    const caller = files.findIndex((file) => file.endsWith("test/capture/scripts.test.ts")), own = files.findIndex((file) => file.endsWith("src/capture/guess.ts"));
    expect(caller).toBe(0);
    expect(own).not.toBe(0);
    expect(new Set(files).size).toBe(files.length);
  });
});
