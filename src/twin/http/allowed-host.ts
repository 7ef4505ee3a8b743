import { isIP } from "node:net";

/** `name` of `name:port` and `[address]:port`, in lower case. */
function nameOf(host: string): string {
  const [, address, name] = /^(?:\[([^\]]*)\]|([^:]*))(?::\d*)?$/.exec(host) ?? [];
  return (address ?? name ?? host).toLowerCase().replace(/\.$/, "");
}

/**
 * Whether a request was meant for this server: its `Host` is an address, a name without a dot (of this
 * machine, or of a container), or one of `names`. A page on the web can send requests to a name of its own
 * that it lets point to this machine (DNS rebinding); its `Host` then is that name, which has a dot.
 *
 * @param host the header; absent: the client is no browser
 * @param names names under which the server is known besides, without a port
 */
export function isMeant(host: string | undefined, names: readonly string[]): boolean {
  if (host === undefined) return true;
  const name = nameOf(host);
  return isIP(name) !== 0 || !name.includes(".") || name.endsWith(".localhost") ||
    names.some((each) => nameOf(each) === name);
}
