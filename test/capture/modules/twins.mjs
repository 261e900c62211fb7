// Two closures of one text.
export const make = (k) => function twin(x) { return x * k; };
