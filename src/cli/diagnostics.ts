// Diagnostics on standard error, each once, with the place and the lines around it.

import type { Diagnostic } from "../diagnostic.ts";

export function showDiagnostics(diagnostics: readonly Diagnostic[]): void {
  const seen = new Set<string>();
  for (const { kind, message, hint, file, line, column, frame } of diagnostics) {
    const text = `${kind}: ${message}\n  at ${file ?? "<anonymous>"}:${line}:${column}\n${frame}${hint ? `\n  ${hint}` : ""}`;
    if (seen.has(text)) continue;
    seen.add(text);
    console.error(text);
  }
}
