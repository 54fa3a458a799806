import { t } from "../../app";
import type { SendState } from "../../core/model";
import { Icon, type IconName } from "../../ui/Icon";

const icons: Readonly<Record<SendState, IconName>> = {
  queued: "clock", sending: "clock", sent: "check", delivered: "ticks", read: "ticks", failed: "alert",
};

/** Clock, tick, two ticks, two coloured ticks; said in words to who cannot see them. */
export function Ticks({ state }: { state: SendState }) {
  return (
    <span class="ticks" data-state={state} role="img" aria-label={t(`state.${state}`)} title={t(`state.${state}`)}>
      <Icon name={icons[state]} small />
    </span>
  );
}
