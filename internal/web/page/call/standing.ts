// How a call stands, as the hall says.

/** What says that there is no such call for who asks, or that she is signed in no more. Too much asked, or trouble of the hall, passes. */
const GONE = [401, 403, 404, 410];

/** Asks how a call stands; null when the hall says that it is no more. Fails when that is not known. */
export async function standing<T>(address: string, body?: object): Promise<T | null> {
  const sent: RequestInit = body ? { method: 'POST', body: JSON.stringify(body) } : {};
  const r = await fetch(address, { ...sent, cache: 'no-store', headers: { Accept: 'application/json', 'Content-Type': 'application/json' } });
  const data = (await r.json()) as T & { message?: string }; // a proxy's own words are none
  if (r.ok) return data;
  if (GONE.includes(r.status) && data.message) return null;
  throw new Error(String(r.status));
}
