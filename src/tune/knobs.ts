// What may be tuned, as data: a name, the values it takes, and what a combination means for specialize().

export const knobs = {
  /** Binaryen's optimize level */
  level: [0, 1, 2, 3, 4],
  /** Binaryen's shrink level */
  shrink: [0, 1, 2],
} as const;

export interface Setting {
  readonly level: (typeof knobs.level)[number];
  readonly shrink: (typeof knobs.shrink)[number];
}

/** Every combination. Level 0 ignores the shrink level, so it stands once. */
export function allSettings(): Setting[] {
  return knobs.level.flatMap((level): Setting[] => (level === 0 ? [{ level, shrink: 0 }] : knobs.shrink.map((shrink) => ({ level, shrink }))));
}

export const settingName = ({ level, shrink }: Setting): string => `optimize ${level}, shrink ${shrink}`;
