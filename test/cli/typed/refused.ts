export namespace Numbers {
  export const two = 2;
}
export const twice = (x: number): number => x * Numbers.two;
