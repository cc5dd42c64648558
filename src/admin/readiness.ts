/** How far a hub is: only a ready one should be sent devices. */
export class Readiness {
  state: 'starting' | 'ready' | 'stopping' = 'starting';
}
