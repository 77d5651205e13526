/** The certificate whose details are shown over the page. */
import { createStore } from './store.js';

export type CertificateRef = { id: string; regionId: string };

export const shownCertificate = createStore<CertificateRef | undefined>(undefined);

export function openCertificate(ref: CertificateRef): void {
  shownCertificate.set(ref);
}
