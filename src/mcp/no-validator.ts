/** Stands in for the SDK's validator of JSON schemas in what is shipped: the tools check arguments and results. */

export class DefaultJsonSchemaValidator {
  getValidator(): never {
    throw new Error('JSON schemas are not checked here');
  }
}

export { default as process } from 'node:process';
