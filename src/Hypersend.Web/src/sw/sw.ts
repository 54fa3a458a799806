import type { ToServiceWorker } from "../core/offline/words";
import { createWorker, type NoticeLike, type Shell, type WindowLike } from "../core/offline/worker";

declare const self: ServiceWorkerGlobalScope;
/** The build puts it here. */
declare const __SHELL__: Shell;

const badges = self.navigator as unknown as { setAppBadge?: (count: number) => Promise<void>; clearAppBadge?: () => Promise<void> };

const worker = createWorker(__SHELL__, {
  origin: self.location.origin,
  languages: self.navigator.languages,
  caches: self.caches,
  fetch: (request, init) => self.fetch(request, init),
  windows: async () => (await self.clients.matchAll({ type: "window", includeUncontrolled: true })) as unknown as WindowLike[],
  open: (path) => self.clients.openWindow(path),
  show: (title, options) => self.registration.showNotification(title, options),
  shown: async (tag) => (await self.registration.getNotifications(tag ? { tag } : {})) as readonly NoticeLike[],
  setBadge: async (count) => (count > 0 ? badges.setAppBadge?.(count) : badges.clearAppBadge?.()),
  skipWaiting: () => self.skipWaiting(),
  claim: () => self.clients.claim(),
});

/** Chromium has it; the others lose nothing without it. */
interface Routing {
  addRoutes?: (rule: { condition: { urlPattern: { pathname: string } }; source: "network" }) => Promise<void>;
}

self.addEventListener("install", (event) => {
  // A question asked while its page goes away would end here: this worker gives it back to a page that is no more.
  const routed = (event as Routing).addRoutes?.({ condition: { urlPattern: { pathname: "/api/*" } }, source: "network" });
  event.waitUntil(Promise.all([worker.install(), routed?.catch(() => undefined)]));
});
self.addEventListener("activate", (event) => event.waitUntil(worker.activate()));
self.addEventListener("fetch", (event) => {
  const answer = worker.answer(event.request);
  if (answer) event.respondWith(answer);
});
self.addEventListener("push", (event) => event.waitUntil(worker.push(event.data?.text() ?? "")));
self.addEventListener("notificationclick", (event) => event.waitUntil(worker.click(event.notification)));
self.addEventListener("message", (event) => event.waitUntil(worker.hear(event.data as ToServiceWorker)));
