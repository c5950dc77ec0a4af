// The clock of a page that waits for a minute, in a worker of its own: browsers let the clocks
// of pages that nobody looks at go by once a minute only.
const wakes = (): void => (postMessage as (m: number) => void)(0);
let timer = 0;
onmessage = (e: MessageEvent<number>): void => {
  clearTimeout(timer);
  timer = setTimeout(wakes, e.data) as unknown as number;
};
