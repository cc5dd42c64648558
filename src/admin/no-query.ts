/** The parameters of an operation that has none: whatever is given is refused. */
export class NoQuery {}
