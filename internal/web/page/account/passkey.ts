// Passkeys: plain navigator.credentials. The JSON for the hall is written field
// by field, so the secret of the PRF extension and the maker's number (AAGUID)
// never leave the browser.
import { type Bytes, concat, decode, encode, random, utf8 } from './bytes.ts';
import { derive, SALT } from './derive.ts';

const PRF = { prf: { eval: { first: utf8(`${SALT}/prf`) } } };

export interface Made {
  credential: object; // JSON for the hall
  id: Bytes;
  kek: Bytes | null; // null: this passkey signs in but opens nothing
}

export const passkeysWork = (): boolean => 'PublicKeyCredential' in globalThis && !!navigator.credentials;

/** Makes a passkey. Fails as navigator.credentials.create does. */
export async function makePasskey(o: PublicKeyCredentialCreationOptionsJSON): Promise<Made> {
  const made = (await navigator.credentials.create({
    publicKey: {
      ...(o as object as PublicKeyCredentialCreationOptions),
      challenge: need(o.challenge),
      user: { ...o.user, id: need(o.user.id) },
      excludeCredentials: (o.excludeCredentials ?? []).map(descriptor),
      extensions: PRF,
    },
  })) as PublicKeyCredential;
  const response = made.response as AuthenticatorAttestationResponse;
  const id = new Uint8Array(made.rawId);
  const prf = made.getClientExtensionResults().prf;
  let kek = await kekOf(prf);
  if (!kek && prf?.enabled) kek = await evaluate(id, o.rp.id);
  const credential = written(made, {
    clientDataJSON: response.clientDataJSON,
    attestationObject: nameless(response),
  }, { transports: response.getTransports?.() ?? [] });
  return { credential, id, kek };
}

/** Signs in with a passkey of this hall. Fails as navigator.credentials.get does. */
export async function usePasskey(o: PublicKeyCredentialRequestOptionsJSON): Promise<Made> {
  const got = (await navigator.credentials.get({
    publicKey: {
      ...(o as object as PublicKeyCredentialRequestOptions),
      challenge: need(o.challenge),
      allowCredentials: (o.allowCredentials ?? []).map(descriptor),
      extensions: PRF,
    },
  })) as PublicKeyCredential;
  const response = got.response as AuthenticatorAssertionResponse;
  const credential = written(got, {
    clientDataJSON: response.clientDataJSON,
    authenticatorData: response.authenticatorData,
    signature: response.signature,
    userHandle: response.userHandle ?? new ArrayBuffer(0),
  });
  return { credential, id: new Uint8Array(got.rawId), kek: await kekOf(got.getClientExtensionResults().prf) };
}

/** Asks a new passkey for its secret when making it gave none. The hall sees nothing of this. */
async function evaluate(id: Bytes, rpId: string | undefined): Promise<Bytes | null> {
  try {
    const got = (await navigator.credentials.get({
      publicKey: {
        challenge: random(32),
        allowCredentials: [{ type: 'public-key', id }],
        userVerification: 'required',
        extensions: PRF,
        ...(rpId === undefined ? {} : { rpId }),
      },
    })) as PublicKeyCredential;
    return await kekOf(got.getClientExtensionResults().prf);
  } catch {
    return null; // the person said no; the passkey still signs in
  }
}

async function kekOf(prf: AuthenticationExtensionsPRFOutputs | undefined): Promise<Bytes | null> {
  const first = prf?.results?.first;
  if (!first) return null;
  const secret = ArrayBuffer.isView(first)
    ? new Uint8Array(first.buffer, first.byteOffset, first.byteLength) : new Uint8Array(first);
  return secret.length === 32 ? derive(secret.slice(), 'vault passkey') : null;
}

function written(c: PublicKeyCredential, buffers: Record<string, ArrayBuffer>, more: object = {}): object {
  const response: Record<string, unknown> = { ...more };
  for (const [name, b] of Object.entries(buffers)) response[name] = encode(new Uint8Array(b));
  return { id: c.id, rawId: c.id, type: 'public-key', clientExtensionResults: {}, response };
}

/** Writes the attestation anew, as "none" and with a maker's number of zeros. */
function nameless(response: AuthenticatorAttestationResponse): ArrayBuffer {
  const raw = response.getAuthenticatorData?.();
  if (!raw) return response.attestationObject;
  const data = new Uint8Array(raw.slice(0));
  data.fill(0, 37, 53);
  const n = data.length;
  const length = n < 256 ? [0x58, n] : [0x59, n >> 8, n & 255];
  // CBOR: {"fmt": "none", "attStmt": {}, "authData": bytes}
  return concat(Uint8Array.of(0xa3), utf8('\x63fmt\x64none\x67attStmt'), Uint8Array.of(0xa0), utf8('\x68authData'), Uint8Array.of(...length), data).buffer;
}

const descriptor = (d: PublicKeyCredentialDescriptorJSON): PublicKeyCredentialDescriptor =>
  ({ ...d, type: 'public-key', id: need(d.id) }) as PublicKeyCredentialDescriptor;

function need(text: string): Bytes {
  const b = decode(text);
  if (!b) throw new TypeError('the hall sent broken options');
  return b;
}
