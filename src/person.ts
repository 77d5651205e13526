/** Who asks, as the issuer of their token names them. Issuer and subject together are the identity; the label is for people. */
export type Person = { issuer: string; subject: string; label: string };
