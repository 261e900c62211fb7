export type Taps = readonly number[];
export interface Limits { readonly low: number; readonly high: number }
export enum Kind { Plain, Clamped = 4 }
export const scaled = (x: number): number => x * 2;
