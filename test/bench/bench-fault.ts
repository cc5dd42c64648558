/** Why a run failed, as one sentence for the person who started it: a message lost, a limit too low, a server that died. */
export class BenchFault extends Error {
  override readonly name = 'BenchFault';
}
