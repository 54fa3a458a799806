import { errorText, session, t } from "../../app";
import { confirm } from "../../ui/Confirm";
import { Icon } from "../../ui/Icon";
import { toast } from "../../ui/Toast";
import { useTask } from "../../ui/useTask";
import { goOut, leavesUnsent } from "./goOut";

export function LogOut() {
  const task = useTask(async () => {
    if (leavesUnsent() && !(await confirm({ title: t("logout"), text: t("logout.unsent"), action: t("logout"), danger: true }))) return;
    await goOut(() => session.leave()).catch((error: unknown) => toast(errorText(error)));
  });
  return (
    <button type="button" class="leave" aria-disabled={task.busy ? "true" : undefined} onClick={() => task.run()}>
      <span class="tile" data-tone="leave"><Icon name="leave" /></span>
      <span class="title">{t("logout")}</span>
    </button>
  );
}
