/** What a Jupyter connection file says. Source: Jupyter client docs, "Connection files". */
export interface ConnectionInfo {
  readonly ip: string;
  readonly transport: "tcp";
  readonly key: string;
  readonly signature_scheme: "hmac-sha256";
  readonly shell_port: number;
  readonly control_port: number;
  readonly iopub_port: number;
  readonly stdin_port: number;
  readonly hb_port: number;
  readonly kernel_name: string;
}

const LOOPBACK = "127.0.0.1";

/** Ports handed out by this process: two kernels that start at once must not be given the same. */
const handedOut = new Set<number>();

function freePorts(count: number): number[] {
  const listeners: Deno.Listener[] = [];
  const ports: number[] = [];
  try {
    while (ports.length < count) {
      const listener = Deno.listen({ hostname: LOOPBACK, port: 0 });
      listeners.push(listener);
      const { port } = listener.addr as Deno.NetAddr;
      if (!handedOut.has(port)) ports.push(port);
    }
  } finally {
    for (const listener of listeners) listener.close();
  }
  for (const port of ports) handedOut.add(port);
  return ports;
}

/**
 * A connection on free loopback ports with a fresh key. Between this call and the kernel's own
 * listening another process may take a port: the start then fails and wants another try.
 */
export function newConnection(): ConnectionInfo {
  const [shell_port, control_port, iopub_port, stdin_port, hb_port] = freePorts(5);
  return {
    ip: LOOPBACK,
    transport: "tcp",
    key: crypto.randomUUID(),
    signature_scheme: "hmac-sha256",
    shell_port,
    control_port,
    iopub_port,
    stdin_port,
    hb_port,
    kernel_name: "deno",
  };
}

/** Lets the ports of a finished kernel be handed out again. */
export function releaseConnection(connection: ConnectionInfo): void {
  const { shell_port, control_port, iopub_port, stdin_port, hb_port } = connection;
  for (const port of [shell_port, control_port, iopub_port, stdin_port, hb_port]) {
    handedOut.delete(port);
  }
}
