/** The forms of ids, the same for those that clients give and those that the cloud sends. */

const TAIL = '[a-z0-9-]{1,64}$';
const FORMS = {
  certificate: new RegExp(`^vsc-${TAIL}`),
  server: new RegExp(`^vss-${TAIL}`),
  gateway: new RegExp(`^vpn-${TAIL}`),
};

export const isCertificateId = (text: string): boolean => FORMS.certificate.test(text);
export const isServerId = (text: string): boolean => FORMS.server.test(text);
export const isGatewayId = (text: string): boolean => FORMS.gateway.test(text);
