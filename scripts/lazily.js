/**
 * Stands for an object that is made when it is first looked at. Part of the bundle.
 * @template {object} T
 * @param {() => T} make
 * @returns {T}
 */
export function lazily(make) {
  /** @type {T | undefined} */
  let made;
  const real = () => {
    made ??= make();
    return made;
  };
  return /** @type {T} */ (
    new Proxy(
      {},
      {
        get: (_stand, key) => Reflect.get(real(), key),
        set: (_stand, key, value) => Reflect.set(real(), key, value),
        has: (_stand, key) => Reflect.has(real(), key),
        ownKeys: () => Reflect.ownKeys(real()),
        getPrototypeOf: () => Reflect.getPrototypeOf(real()),
        defineProperty: (_stand, key, property) => Reflect.defineProperty(real(), key, property),
        // Reported as configurable: a proxy may not claim otherwise of what its stand-in does not have.
        getOwnPropertyDescriptor: (_stand, key) => {
          const property = Reflect.getOwnPropertyDescriptor(real(), key);
          return property && { ...property, configurable: true };
        },
      },
    )
  );
}
