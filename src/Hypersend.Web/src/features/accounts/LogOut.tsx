import { errorText, session, t } from "../../app";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { useTask } from "../../ui/useTask";
import { goOut } from "./goOut";

export function LogOut() {
  const task = useTask(() => goOut(() => session.leave()).catch((error: unknown) => toast(errorText(error))));
  return (
    <button type="button" class="leave" aria-disabled={task.busy ? "true" : undefined} onClick={() => task.run()}>
      <span class="tile" data-tone="leave"><Icon name="leave" /></span>
      <span class="title">{t("logout")}</span>
    </button>
  );
}
