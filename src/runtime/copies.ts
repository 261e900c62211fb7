// Copies of a call's values, and what is remembered of them, with the private fields of their objects (src/verify/copy.ts says what is copied).

import { privateField, privateKeys } from "../capture/privates.ts";
import * as copies from "../verify/copy.ts";

const privatesOf: copies.PrivatesOf = (object) => privateKeys(object).map((key) => privateField(key)!);

export const copyTogether = <T extends readonly unknown[]>(values: T): T => copies.copyTogether(values, privatesOf);
export const copyOf = <T>(value: T): T => copies.copyOf(value, privatesOf);
export const sharedBy = (values: readonly unknown[]): object[] => copies.sharedBy(values, privatesOf);
export const reaches = (values: readonly unknown[], objects: readonly unknown[]): boolean => copies.reaches(values, objects, privatesOf);
export const portraitsOf = (values: readonly unknown[]): readonly unknown[] => copies.portraitsOf(values, privatesOf);
export const remember = (values: readonly unknown[]): (() => void) => copies.remember(values, privatesOf);
