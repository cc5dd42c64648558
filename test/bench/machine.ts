import { cpus, release, totalmem } from 'node:os';

/** What a reader of figures has to know about where they come from. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly kernel: string;
  /** that runs the load generator */
  readonly node: string;
}

export function thisMachine(): Machine {
  const processors = cpus();
  return {
    processor: processors[0]?.model.trim() ?? 'unknown',
    cores: processors.length,
    memoryBytes: totalmem(),
    kernel: `${process.platform} ${release()}`,
    node: process.version,
  };
}

/** The machine in one line. */
export function machineLine({ processor, cores, kernel, node }: Machine): string {
  return `${cores} x ${processor}, ${kernel}; load generator on Node ${node}`;
}
