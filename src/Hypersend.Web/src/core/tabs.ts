/** What tabs of one browser tell each other about the session. */
export type TabWord = { kind: "in"; user: string } | { kind: "out" };

export interface Tabs {
  say(word: TabWord): void;
  listen(hear: (word: TabWord) => void): void;
}

export function broadcastTabs(name = "hypersend.session"): Tabs {
  const channel = new BroadcastChannel(name);
  return {
    say: (word) => channel.postMessage(word),
    listen: (hear) => {
      channel.onmessage = (event: MessageEvent<TabWord>) => hear(event.data);
    },
  };
}
