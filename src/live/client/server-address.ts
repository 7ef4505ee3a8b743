import { InputError } from "../../errors/input-error.ts";

/**
 * Base URL of a server as the client uses it: scheme, host, port and perhaps a path prefix, without
 * the `/v1` that many tools want and without a final slash. Refuses with an InputError what can't be
 * a server's address, and an address that holds a user or a password: keys come from the environment.
 *
 * @param source where the address was read, for the error
 * @example
 * serverAddress("http://localhost:8000/v1/"); // "http://localhost:8000"
 */
export function serverAddress(text: string, source = "server address"): string {
  const refuse = (expected: string, shown: boolean = true): never => {
    throw new InputError({
      file: source,
      field: "url",
      ...(shown ? { value: text } : {}),
      expected,
    });
  };
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    // What is not a URL may still hold a password.
    return refuse("an address like http://localhost:8000", !text.includes("@"));
  }
  if (url.username !== "" || url.password !== "") {
    return refuse(
      "an address without user and password: the key comes from an environment variable",
      false,
    );
  }
  if (url.search !== "" || url.hash !== "") {
    return refuse("an address without a query (?…) and a fragment (#…)", false);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") {
    return refuse("an address that begins with http:// or https://", !text.includes("@"));
  }
  return url.origin + url.pathname.replace(/\/+$/, "").replace(/\/v1$/, "");
}
