/** A value that JSON can carry. Numbers are IEEE 754 doubles (RFC 8259, RFC 8785). */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. Property order carries no meaning. */
export interface JsonObject {
  readonly [key: string]: Json;
}
