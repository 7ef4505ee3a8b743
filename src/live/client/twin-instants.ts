/** Header by which a client asks a twin for a comment with its instant before each event. */
export const INSTANTS_HEADER = "x-twin-instants";
