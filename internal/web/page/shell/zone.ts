// Moments are sent in UTC to readers whose zone the hall does not know; here
// they are shown in the zone of the device, in the form the hall writes them.

export function showOwnZone(): void {
  const lang = document.documentElement.lang + "-u-ca-gregory-nu-latn";
  const day = new Intl.DateTimeFormat(lang, { day: "numeric", month: "long", year: "numeric" });
  const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const comma = document.documentElement.lang.startsWith("ar") ? "، " : ", ";
  for (const el of document.querySelectorAll<HTMLTimeElement>("time[data-own-zone]")) {
    const at = new Date(el.dateTime);
    if (isNaN(at.getTime())) continue;
    el.title = el.textContent ?? "";
    el.textContent = day.format(at) + (el.dataset["ownZone"] === "time" ? comma + clock.format(at) : "");
  }
}
