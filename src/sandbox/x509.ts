/** The library, which needs the reflection polyfill before it is loaded; imported when a key is first asked for. */
import 'reflect-metadata';

export * as x509 from '@peculiar/x509';
