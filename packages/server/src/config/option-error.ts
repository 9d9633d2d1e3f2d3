/** An option that cannot be used: says where it was given and what would be accepted. */
export class OptionError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'OptionError';
  }
}
