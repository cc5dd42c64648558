import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that a test can cut: what is open breaks off, and nothing gets through until it is mended. */
export class CuttableWire {
  private readonly sockets = new Set<Socket>();
  private isCut = false;
  /** told when an answer comes that is to be lost */
  private losing: (() => void) | undefined;
  private readonly listener = createServer((socket) => this.join(socket));

  private constructor(private to: { host: string; port: number }) {}

  static async to(server: { host: string; port: number }): Promise<CuttableWire> {
    const wire = new CuttableWire({ host: server.host, port: server.port });
    wire.listener.listen(0, '127.0.0.1');
    await once(wire.listener, 'listening');
    return wire;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.listener.address() as AddressInfo).port}`;
  }

  /** Leads to another server from now on. */
  lead({ host, port }: { host: string; port: number }): void {
    this.to = { host, port };
  }

  cut(): void {
    this.isCut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.isCut = false;
  }

  /** Cuts the connection of the next answer, before a byte of it is through. Resolves then. */
  loseNextAnswer(): Promise<void> {
    return new Promise((resolve) => {
      this.losing = resolve;
    });
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }

  private join(near: Socket): void {
    if (this.isCut) return void near.destroy();
    const far = connect(this.to);
    this.pass(near, far);
    this.pass(far, near);
    // Before what passes it on: a destroyed socket takes nothing.
    far.prependListener('data', () => {
      if (this.losing) near.destroy();
      this.losing?.();
      this.losing = undefined;
    });
  }

  private pass(from: Socket, to: Socket): void {
    this.sockets.add(from);
    from.pipe(to);
    from.on('error', () => {});
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
  }
}
