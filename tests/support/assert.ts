/** `@std/assert`, from the npm registry. With JSR one line of the import map changes. @module */
// @ts-types="./assert.d.ts"
export * from "deno-std/assert";
