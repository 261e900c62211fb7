// A mistake in what was typed: told in one line, without a stack, and the command ends with exit code 2.

export class Failure extends Error {
  constructor(message: string) {
    super(message);
    this.name = "Failure";
  }
}
